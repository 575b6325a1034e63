"""``python -m anlan.sense.partition``: workers for a city that is larger than one machine."""

from anlan.sense.partition.serve import main

main()
