using System.Diagnostics.CodeAnalysis;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>An object of which nothing is known but its definition.</summary>
internal static class SimulatedObject
{
    public static ObjectInstance Create([NotNull] ObjectDefinition? definition, int id, Action<Lwm2mPath, string?>? executed)
    {
        var instance = new ObjectInstance(definition, id);
        foreach (var resource in definition.Resources)
        {
            instance[resource.Id] = Begin(resource, instance.Path, executed);
        }
        return instance;
    }

    /// <summary>A resource with a first value that fits its definition.</summary>
    public static Resource Begin(ResourceDefinition resource, Lwm2mPath instance, Action<Lwm2mPath, string?>? executed) =>
        resource.Operations.HasFlag(ResourceOperations.Execute) ? Resource.Execute((arguments, _) => Tell(executed, instance.Append(resource.Id), arguments))
        : resource.IsMultiple ? Resource.Multiple(SimulatedValue.For(resource))
        : Resource.Value(SimulatedValue.For(resource));

    private static Task Tell(Action<Lwm2mPath, string?>? executed, Lwm2mPath path, string? arguments)
    {
        executed?.Invoke(path, arguments);
        return Task.CompletedTask;
    }
}
