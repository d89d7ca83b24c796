using Starling.Client;
using Starling.Lwm2m;

namespace Starling.Hosting.Tests;

/// <summary>The few objects that these tests need: Security and Server, which every client has, Access Control, which one with several servers has, and a meter of the private range.</summary>
internal static class MeterObjects
{
    public const int Meter = 42771;

    public static ObjectCatalog Catalog { get; } = new(
    [
        new ObjectDefinition(0, "Security", new ObjectVersion(1, 2),
        [
            Of(0, ValueKind.String), Of(1, ValueKind.Boolean), Of(2, ValueKind.Integer), Of(3, ValueKind.Opaque),
            Of(4, ValueKind.Opaque), Of(5, ValueKind.Opaque), Of(10, ValueKind.Integer),
        ])
        { IsMultiple = true },
        new ObjectDefinition(1, "Server", new ObjectVersion(1, 2),
        [
            Of(0, ValueKind.Integer), Of(1, ValueKind.Integer), Of(2, ValueKind.Integer), Of(3, ValueKind.Integer), Executed(4),
            Of(5, ValueKind.Integer), Of(6, ValueKind.Boolean), Of(7, ValueKind.String), Executed(8),
        ])
        { IsMultiple = true },
        new ObjectDefinition(2, "Access Control", ObjectVersion.V10,
        [
            Of(0, ValueKind.Integer), Of(1, ValueKind.Integer), Of(2, ValueKind.Integer) with { IsMultiple = true }, Of(3, ValueKind.Integer),
        ])
        { IsMultiple = true },
        new ObjectDefinition(Meter, "Meter", ObjectVersion.V10, [Of(1, ValueKind.Integer)]),
    ]);

    public static ObjectInstance Create(int value) => new(Catalog.Find(Meter), 0) { [1] = value };

    private static ResourceDefinition Of(int id, ValueKind type) =>
        new() { Id = id, Name = $"R{id}", Type = type, Operations = ResourceOperations.Read | ResourceOperations.Write };

    private static ResourceDefinition Executed(int id) => new() { Id = id, Name = $"R{id}", Operations = ResourceOperations.Execute };
}
