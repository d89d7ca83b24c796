namespace Starling.Server;

/// <summary>Which device: a tenant and the endpoint client name within it (LwM2M Core 1.2 §7.4.1). Names are compared byte by byte.</summary>
/// <param name="Tenant">Whose device it is; empty where there is only one tenant.</param>
/// <param name="Endpoint">The endpoint client name. It is text from the network: never trust it in a query or a page.</param>
public readonly record struct DeviceKey(string Tenant, string Endpoint) : IComparable<DeviceKey>
{
    /// <summary>A device of the only tenant.</summary>
    public DeviceKey(string endpoint) : this("", endpoint) { }

    /// <summary>By tenant, then by endpoint, both in ordinal order.</summary>
    public int CompareTo(DeviceKey other)
    {
        var tenants = ReferenceEquals(Tenant, other.Tenant) ? 0 : string.CompareOrdinal(Tenant, other.Tenant);
        return tenants != 0 ? tenants : string.CompareOrdinal(Endpoint, other.Endpoint);
    }

    /// <inheritdoc/>
    public static bool operator <(DeviceKey left, DeviceKey right) => left.CompareTo(right) < 0;
    /// <inheritdoc/>
    public static bool operator >(DeviceKey left, DeviceKey right) => left.CompareTo(right) > 0;
    /// <inheritdoc/>
    public static bool operator <=(DeviceKey left, DeviceKey right) => left.CompareTo(right) <= 0;
    /// <inheritdoc/>
    public static bool operator >=(DeviceKey left, DeviceKey right) => left.CompareTo(right) >= 0;

    /// <summary>The endpoint, with the tenant in front where there is one.</summary>
    public override string ToString() => Tenant.Length == 0 ? Endpoint : $"{Tenant}/{Endpoint}";
}
