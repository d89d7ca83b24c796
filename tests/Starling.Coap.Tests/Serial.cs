// One test at a time: then the simulated network can tell when all work that a datagram caused is done (see Settling).
[assembly: CollectionBehavior(DisableTestParallelization = true)]
