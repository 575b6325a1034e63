"""The doors of sense: how observations come in, from bytes on a wire to a message that the station takes.

Whatever the door, a message goes the same way: unpacked, decoded (:mod:`.decode`) or mapped (:mod:`.mapping`), held to
its source's quota, taken by the station, and acknowledged once it is durable. What is refused is counted, and kept
where people can look at it and have it tried again (:mod:`.letters`).
"""
