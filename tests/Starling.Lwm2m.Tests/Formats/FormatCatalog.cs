namespace Starling.Lwm2m.Tests;

/// <summary>The objects that the format tests speak of: those of the published examples, and one with every type.</summary>
internal static class FormatCatalog
{
    /// <summary>An object of ours: resource n has type n, resource 100 + n is the same as multiple.</summary>
    public const int EveryType = 42769;

    public static readonly ValueKind[] Types =
    [
        ValueKind.String, ValueKind.Integer, ValueKind.Unsigned, ValueKind.Float, ValueKind.Boolean,
        ValueKind.Opaque, ValueKind.Time, ValueKind.ObjectLink, ValueKind.CoreLink,
    ];

    public static CatalogView View { get; } = new(new ObjectCatalog(
    [
        Object(1, (0, ValueKind.Integer), (1, ValueKind.Integer), (2, ValueKind.Integer), (3, ValueKind.Integer), (5, ValueKind.Integer), (6, ValueKind.Boolean), (7, ValueKind.String)),
        Object(2, (0, ValueKind.Integer), (1, ValueKind.Integer), (2, ValueKind.Integer), (3, ValueKind.Integer)),
        Object(
            3, (0, ValueKind.String), (1, ValueKind.String), (2, ValueKind.String), (3, ValueKind.String), (4, ValueKind.None), (6, ValueKind.Integer), (7, ValueKind.Integer),
            (8, ValueKind.Integer), (9, ValueKind.Integer), (10, ValueKind.Integer), (11, ValueKind.Integer), (13, ValueKind.Time), (14, ValueKind.String), (15, ValueKind.String),
            (16, ValueKind.String), (22, ValueKind.ObjectLink)),
        Object(65, (0, ValueKind.ObjectLink), (1, ValueKind.String), (2, ValueKind.Integer)),
        Object(3303, (5700, ValueKind.Float)),
        Object(EveryType, [.. Types.Select(t => ((int)t, t)), .. Types.Select(t => (100 + (int)t, t))]),
    ]));

    private static ObjectDefinition Object(int id, params (int Id, ValueKind Type)[] resources) =>
        new(id, $"Object {id}", ObjectVersion.V10, resources.Select(r => new ResourceDefinition { Id = r.Id, Name = $"Resource {r.Id}", Type = r.Type, IsMultiple = r.Id >= 100 }))
        {
            IsMultiple = true,
        };
}
