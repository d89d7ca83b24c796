using Microsoft.Data.Sqlite;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Last values in SQLite.</summary>
internal sealed class SqliteValueStore(SqliteDatabase database)
{
    private readonly SqliteStatement _save = database.Statement(
        "INSERT OR REPLACE INTO last_values (tenant, endpoint, path, kind, source, at, value) VALUES ($tenant, $endpoint, $path, $kind, $source, $at, $value)",
        "$tenant", "$endpoint", "$path", "$kind", "$source", "$at", "$value");

    private readonly SqliteStatement _delete = database.Statement(
        "DELETE FROM last_values WHERE tenant = $tenant AND endpoint = $endpoint AND path = $path", "$tenant", "$endpoint", "$path");

    private readonly SqliteStatement _page = database.Page("tenant, endpoint, path, kind, source, at, value", "last_values");

    /// <summary>Everything that is kept.</summary>
    /// <exception cref="StorageException">What is kept is damaged.</exception>
    public IAsyncEnumerable<KeptValue> LoadAllAsync(CancellationToken cancel) => database.ReadAllAsync(_page, Read, cancel);

    /// <summary>Keeps what has changed, all or nothing.</summary>
    public ValueTask<int> SaveAsync(IReadOnlyCollection<KeptValue> changed) => database.RunAsync(() => changed.Sum(Save));

    private int Save(KeptValue kept)
    {
        var (tenant, endpoint, path) = (kept.Device.TenantBytes(), kept.Device.EndpointBytes(), kept.Path.ToString());
        return kept.Value is { } value
            ? _save.With(tenant, endpoint, path, (long)value.Kind, (long)value.Source, value.At.UtcTicks, value.Text).Run()
            : _delete.With(tenant, endpoint, path).Run();
    }

    private KeptValue Read(SqliteDataReader row)
    {
        var key = row.GetKey(1);
        return Lwm2mPath.TryParse(row.GetString(3), null, out var path)
            ? new KeptValue(key, path, new LastValue(row.GetString(7), (ValueKind)row.GetInt64(4), new DateTimeOffset(row.GetInt64(6), TimeSpan.Zero), (ValueSource)row.GetInt64(5)))
            : throw database.Damaged($"the values of {SafeText.Line(key.ToString(), 80)}");
    }
}
