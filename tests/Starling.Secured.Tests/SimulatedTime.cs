// One test at a time, all of it on the thread pool, whose size Directory.Build.props sets for projects that have this file.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: TestFramework("Starling.Testing.SimulatedTimeFramework", "Starling.Testing")]
