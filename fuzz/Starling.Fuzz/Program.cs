using Starling.Fuzz;

return new FuzzCommand(Console.Out, Corpus.Find(AppContext.BaseDirectory), TimeProvider.System).Run(args);
