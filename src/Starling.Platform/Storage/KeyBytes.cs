using System.Text;
using Microsoft.Data.Sqlite;
using Starling.Server;

namespace Starling.Platform;

/// <summary>A device's key as the database has it: the UTF-8 of its two names.</summary>
internal static class KeyBytes
{
    public static byte[] TenantBytes(this DeviceKey key) => Encoding.UTF8.GetBytes(key.Tenant);

    public static byte[] EndpointBytes(this DeviceKey key) => Encoding.UTF8.GetBytes(key.Endpoint);

    /// <summary>The key in this column and the next.</summary>
    public static DeviceKey GetKey(this SqliteDataReader row, int column) => new(
        Encoding.UTF8.GetString((byte[])row.GetValue(column)), Encoding.UTF8.GetString((byte[])row.GetValue(column + 1)));
}
