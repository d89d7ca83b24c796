// One guide after the other: where there is no network of their own they share the ports.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
