using Starling.Lwm2m;

namespace Starling.Client.Tests;

/// <summary>Small definitions for tests: the core objects as far as tests need them, and one that has every type and operation.</summary>
internal static class TestObjects
{
    public const ResourceOperations R = ResourceOperations.Read, W = ResourceOperations.Write, RW = R | W, E = ResourceOperations.Execute;

    public static ObjectDefinition Security { get; } = new(0, "Security", new(1, 2),
    [
        Single(0, ValueKind.String, default, true), Single(1, ValueKind.Boolean, default, true), Single(2, ValueKind.Integer, default, true),
        Single(3, ValueKind.Opaque, default, true), Single(4, ValueKind.Opaque, default, true), Single(5, ValueKind.Opaque, default, true),
        Single(10, ValueKind.Integer), Single(13, ValueKind.Unsigned, default), Single(14, ValueKind.String, default), Single(15, ValueKind.Unsigned, default),
        Multiple(16, ValueKind.Unsigned, default), Multiple(25, ValueKind.String, default),
    ])
    { IsMultiple = true, IsMandatory = true };

    public static ObjectDefinition Server { get; } = new(1, "Server", new(1, 2),
    [
        Single(0, ValueKind.Integer, R, true), Single(1, ValueKind.Integer, RW, true), Single(2, ValueKind.Integer, RW), Single(3, ValueKind.Integer, RW),
        Single(4, ValueKind.None, E), Single(5, ValueKind.Integer, RW), Single(6, ValueKind.Boolean, RW, true), Single(7, ValueKind.String, RW, true),
        Single(8, ValueKind.None, E, true), Single(11, ValueKind.Unsigned), Single(13, ValueKind.Unsigned), Single(14, ValueKind.Unsigned, RW), Single(15, ValueKind.Boolean), Single(16, ValueKind.Boolean),
        Single(17, ValueKind.Unsigned, RW), Single(18, ValueKind.Unsigned, RW),
        Single(19, ValueKind.Unsigned, RW), Single(20, ValueKind.Unsigned, RW), Single(22, ValueKind.String, RW), Single(23, ValueKind.Boolean, RW),
        Multiple(25, ValueKind.String, RW), Single(26, ValueKind.Integer, RW), Single(27, ValueKind.Unsigned, RW),
    ])
    { IsMultiple = true, IsMandatory = true };

    public static ObjectDefinition AccessControl { get; } = new(2, "Access Control", new(1, 1),
    [
        Single(0, ValueKind.Integer, R, true), Single(1, ValueKind.Integer, R, true), Multiple(2, ValueKind.Integer, RW), Single(3, ValueKind.Integer, RW, true),
    ])
    { IsMultiple = true };

    public static ObjectDefinition Device { get; } = new(3, "Device", new(1, 2),
    [
        Single(0, ValueKind.String), Single(4, ValueKind.None, E, true), Single(9, ValueKind.Integer),
        Multiple(11, ValueKind.Integer, R, true), Single(13, ValueKind.Time, RW), Single(14, ValueKind.String, RW), Single(16, ValueKind.String, R, true),
    ])
    { IsMandatory = true };

    /// <summary>Every type and operation. 0 is the one mandatory value.</summary>
    public static ObjectDefinition Everything { get; } = new(9000, "Everything", new(1, 0),
    [
        Single(0, ValueKind.Integer, RW, true), Single(1, ValueKind.String, RW), Single(2, ValueKind.Float, RW), Single(3, ValueKind.Boolean, RW),
        Single(4, ValueKind.Opaque, RW), Single(5, ValueKind.Time, RW), Single(6, ValueKind.ObjectLink, RW), Single(7, ValueKind.Unsigned, RW),
        Multiple(8, ValueKind.String, RW), Multiple(9, ValueKind.Integer, RW, true), Single(10, ValueKind.String), Single(11, ValueKind.Opaque, W),
        Single(12, ValueKind.None, E), Multiple(13, ValueKind.Integer),
    ])
    { IsMultiple = true };

    public static ObjectCatalog Catalog { get; } = new([Security, Server, AccessControl, Device, Everything]);

    public static ObjectInstance NewDevice() => new(Device, 0)
    {
        [0] = "Acme",
        [4] = Resource.Execute((_, _) => Task.CompletedTask),
        [9] = 55,
        [11] = Resource.Multiple(0),
        [14] = "+01:00",
        [16] = "U",
    };

    /// <summary>An instance with a value of each kind; 1 is absent, 13 has no instance.</summary>
    public static ObjectInstance NewEverything(int id = 0) => new(Everything, id)
    {
        [0] = 7,
        [1] = Resource.Value(Lwm2mValue.None),
        [2] = 2.5,
        [3] = true,
        [4] = (Lwm2mValue)new byte[] { 1, 2 },
        [5] = Lwm2mValue.Time(1000),
        [6] = Lwm2mValue.ObjectLink(new ObjectLink(3, 0)),
        [7] = 8,
        [8] = Resource.Multiple("Red", "Green"),
        [9] = Resource.Multiple(10, 20),
        [10] = "fixed",
        [11] = Resource.Write(_ => { }),
        [12] = Resource.Execute((_, _) => Task.CompletedTask),
        [13] = Resource.Multiple(),
    };

    private static ResourceDefinition Single(int id, ValueKind type, ResourceOperations operations = R, bool mandatory = false) =>
        new() { Id = id, Name = $"R{id}", Type = type, Operations = operations, IsMandatory = mandatory };

    private static ResourceDefinition Multiple(int id, ValueKind type, ResourceOperations operations = R, bool mandatory = false) =>
        Single(id, type, operations, mandatory) with { IsMultiple = true };
}
