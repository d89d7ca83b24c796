// Fake time moves on when the thread pool is quiet: tests that ran beside each other would wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
