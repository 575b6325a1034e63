"""Past one machine: the log in partitions on NATS JetStream, and workers that fold them.

::

    door's log ──spread──▶ log.0 … log.N-1 ──workers──▶ findings.0 … findings.N-1 ──▶ alarms, by the gate's owner
                                                              └──cross worker──▶ findings.N ──┘

A partition is all that lies in some towns: ``blake2b(town) mod N``. Its log is a stream of JetStream, its findings are
another. Only this package and the doors know NATS.
"""
