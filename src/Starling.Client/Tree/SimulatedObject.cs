using System.Diagnostics.CodeAnalysis;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>An object of which nothing is known but its definition.</summary>
internal static class SimulatedObject
{
    public static ObjectInstance Create([NotNull] ObjectDefinition? definition, int id)
    {
        var instance = new ObjectInstance(definition, id);
        foreach (var resource in definition.Resources)
        {
            instance[resource.Id] = Begin(resource);
        }
        return instance;
    }

    private static Resource Begin(ResourceDefinition resource) =>
        resource.Operations.HasFlag(ResourceOperations.Execute) ? Resource.Execute((_, _) => Task.CompletedTask)
        : resource.IsMultiple ? Resource.Multiple(SimulatedValue.For(resource))
        : Resource.Value(SimulatedValue.For(resource));
}
