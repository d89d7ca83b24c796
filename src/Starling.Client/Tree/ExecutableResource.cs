using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Something to execute.</summary>
internal sealed class ExecutableResource(Func<string?, CancellationToken, Task> execute) : Resource
{
    internal override ResourceOperations Abilities => ResourceOperations.Execute;

    internal override Task ExecuteAsync(string? arguments, CancellationToken cancel) => execute(arguments, cancel);
}
