using Starling.Client;
using Starling.Lwm2m;

namespace Starling.Platform.Tests;

/// <summary>An object of the private range with a resource of every type, instances that servers may create, and a resource to execute.</summary>
internal static class TypeObject
{
    public const int Id = 42769;

    public static ObjectDefinition Definition { get; } = new(Id, "Types", ObjectVersion.V10,
    [
        Resource(0, "Text", ValueKind.String),
        Resource(1, "Whole", ValueKind.Integer),
        Resource(2, "Positive", ValueKind.Unsigned),
        Resource(3, "Fraction", ValueKind.Float),
        Resource(4, "Truth", ValueKind.Boolean),
        Resource(5, "Bytes", ValueKind.Opaque),
        Resource(6, "Moment", ValueKind.Time),
        Resource(7, "Link", ValueKind.ObjectLink),
        Resource(8, "Links", ValueKind.CoreLink),
        new ResourceDefinition { Id = 9, Name = "Run", Operations = ResourceOperations.Execute },
        Resource(10, "Many", ValueKind.Integer) with { IsMultiple = true },
        Resource(11, "Percent", ValueKind.Integer) with { Range = "0..100", Units = "%" },
        Resource(12, "Warmth", ValueKind.Float) with { Range = "5..35", Units = "Cel" },
    ])
    { IsMultiple = true, Urn = "urn:oma:lwm2m:x:42769" };

    /// <summary>An instance with a value in every resource.</summary>
    public static ObjectInstance Create(int id, Action<string?>? executed = null) => new(Definition, id)
    {
        [0] = "text",
        [1] = 1,
        [2] = Client.Resource.Value(Lwm2mValue.Unsigned(2)),
        [3] = 3.5,
        [4] = false,
        [5] = (Lwm2mValue)new byte[] { 1, 2, 3 },
        [6] = Lwm2mValue.Time(0),
        [7] = Lwm2mValue.ObjectLink(new ObjectLink(3, 0)),
        [8] = Lwm2mValue.CoreLink("</3/0>"),
        [9] = Client.Resource.Execute((arguments, _) =>
        {
            executed?.Invoke(arguments);
            return Task.CompletedTask;
        }),
        [10] = Client.Resource.Multiple(10, 11),
        [11] = 50,
        [12] = 20.0,
    };

    private static ResourceDefinition Resource(int id, string name, ValueKind type) =>
        new() { Id = id, Name = name, Type = type, Operations = ResourceOperations.Read | ResourceOperations.Write };
}
