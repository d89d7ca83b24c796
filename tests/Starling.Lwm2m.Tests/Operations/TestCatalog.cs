namespace Starling.Lwm2m.Tests;

/// <summary>A few objects that have every kind of resource.</summary>
internal static class TestCatalog
{
    public static CatalogView View { get; } = new(new ObjectCatalog(
    [
        new ObjectDefinition(3, "Device", ObjectVersion.V10,
        [
            Resource(0, ValueKind.String, ResourceOperations.Read),
            Resource(4, ValueKind.None, ResourceOperations.Execute),
            Resource(6, ValueKind.Integer, ResourceOperations.Read, multiple: true),
            Resource(9, ValueKind.Integer, ResourceOperations.Read),
            Resource(13, ValueKind.Time, ResourceOperations.Read | ResourceOperations.Write),
            Resource(15, ValueKind.String, ResourceOperations.Read | ResourceOperations.Write),
        ]),
        new ObjectDefinition(5, "Firmware Update", ObjectVersion.V10, [Resource(0, ValueKind.Opaque, ResourceOperations.Write)]),
        new ObjectDefinition(19, "BinaryAppDataContainer", ObjectVersion.V10,
        [
            Resource(0, ValueKind.Opaque, ResourceOperations.Read | ResourceOperations.Write, multiple: true),
        ]) { IsMultiple = true },
        new ObjectDefinition(3303, "Temperature", ObjectVersion.V10,
        [
            Resource(5700, ValueKind.Float, ResourceOperations.Read),
            Resource(5750, ValueKind.String, ResourceOperations.Read | ResourceOperations.Write),
        ]) { IsMultiple = true },
    ]));

    public static OperationScope Scope(string version = "1.1", string root = "")
    {
        Assert.True(Lwm2mVersion.TryParse(version, out var parsed));
        return new OperationScope(View, parsed, root, DateTimeOffset.UnixEpoch.AddYears(55));
    }

    private static ResourceDefinition Resource(int id, ValueKind type, ResourceOperations operations, bool multiple = false) =>
        new() { Id = id, Name = $"Resource {id}", Type = type, Operations = operations, IsMultiple = multiple };
}
