using Starling.Lwm2m;

namespace Starling.Client.Tests;

/// <summary>What holds for every object that the client brings along, and short words for tests of them.</summary>
internal static class ObjectAssert
{
    /// <summary>Every mandatory resource is there, and every value is one that the definition allows.</summary>
    public static void Whole(ObjectInstance instance)
    {
        foreach (var definition in instance.Definition.Resources)
        {
            var resource = instance.Find(definition.Id);
            Assert.True(resource is not null || !definition.IsMandatory, $"{instance.Path}/{definition.Id} is mandatory");
            foreach (var value in Values(resource))
            {
                Assert.Null(ValueRules.Check(definition, value, out _));
            }
        }
    }

    /// <summary>Writes as a server does.</summary>
    public static Lwm2mResponse Write(ObjectInstance instance, int resource, Lwm2mValue value)
    {
        var path = instance.Path.Append(resource);
        return WriteOperation.Answer(TreeOf(instance), new Lwm2mRequest.Write(path, [new(path, value)]), 8);
    }

    /// <summary>Writes a multiple resource as a server does.</summary>
    public static Lwm2mResponse WriteAll(ObjectInstance instance, int resource, params IEnumerable<Lwm2mValue> values)
    {
        var path = instance.Path.Append(resource);
        return WriteOperation.Answer(TreeOf(instance), new Lwm2mRequest.Write(path, [.. values.Select((v, i) => new Lwm2mRecord(path.Append(i), v))]), 8);
    }

    /// <summary>Executes as a server does.</summary>
    public static async Task<Lwm2mResponse> ExecuteAsync(ObjectInstance instance, int resource, string? arguments = null) =>
        await ExecuteOperation.AnswerAsync(TreeOf(instance), new Lwm2mRequest.Execute(instance.Path.Append(resource), arguments), default);

    /// <summary>The numbers of a multiple resource.</summary>
    public static IEnumerable<long> Numbers(ObjectInstance instance, int resource) => (instance[resource].ReadInstances() ?? []).Values.Select(v => v.AsInteger());

    /// <summary>The texts of a multiple resource.</summary>
    public static IEnumerable<string> Texts(ObjectInstance instance, int resource) => (instance[resource].ReadInstances() ?? []).Values.Select(v => v.ToString());

    private static ObjectTree TreeOf(ObjectInstance instance) => instance.Tree ?? new ObjectTree([instance]);

    private static IEnumerable<Lwm2mValue> Values(Resource? resource) => resource switch
    {
        null => [],
        _ when !resource.Abilities.HasFlag(ResourceOperations.Read) => [],
        { IsMultiple: true } => resource.ReadInstances() is { } values ? values.Values : [],
        _ when resource.ReadValue() is { Kind: not ValueKind.None } value => [value],
        _ => [],
    };
}
