using System.Text;
using Microsoft.Data.Sqlite;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Queued operations in SQLite. Whoever queued one is answered after the commit that keeps it.</summary>
internal sealed class SqliteOperationStore(SqliteDatabase database) : IOperationStore
{
    private readonly SqliteStatement _save = database.Statement(
        """
        INSERT OR REPLACE INTO operations (id, tenant, endpoint, place, queued, expires, state, request, attempts, ended, reason, answer)
        VALUES ($id, $tenant, $endpoint, $place, $queued, $expires, $state, $request, $attempts, $ended, $reason, $answer)
        """,
        "$id", "$tenant", "$endpoint", "$place", "$queued", "$expires", "$state", "$request", "$attempts", "$ended", "$reason", "$answer");

    private readonly SqliteStatement _delete = database.Statement("DELETE FROM operations WHERE id = $id", "$id");

    private readonly SqliteStatement _page = database.Page(
        "id, tenant, endpoint, place, queued, expires, state, request, attempts, ended, reason, answer", "operations");

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredOperation> LoadAllAsync(CancellationToken cancel) => database.ReadAllAsync(_page, Read, cancel);

    /// <inheritdoc/>
    public async ValueTask SaveAsync(StoredOperation operation, CancellationToken cancel) =>
        await database.RunAsync(() => Save(operation)).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string id, CancellationToken cancel) =>
        await database.RunAsync(() => _delete.With(Encoding.UTF8.GetBytes(id)).Run()).ConfigureAwait(false);

    private int Save(StoredOperation operation) => _save.With(
        Encoding.UTF8.GetBytes(operation.Id), operation.Device.TenantBytes(), operation.Device.EndpointBytes(), operation.Order, operation.QueuedAt.UtcTicks,
        operation.ExpiresAt.UtcTicks, (long)operation.State, operation.Request.ToArray(), operation.Attempts, operation.EndedAt?.UtcTicks,
        Encoding.UTF8.GetBytes(operation.Reason), operation.Answer.ToArray()).Run();

    private static StoredOperation Read(SqliteDataReader row) => new(
        Text(row, 1), row.GetKey(2), row.GetInt64(4), Time(row, 5), Time(row, 6), (OperationState)row.GetInt64(7), (byte[])row.GetValue(8))
    {
        Attempts = row.GetInt32(9),
        EndedAt = row.IsDBNull(10) ? null : Time(row, 10),
        Reason = Text(row, 11),
        Answer = (byte[])row.GetValue(12),
    };

    private static string Text(SqliteDataReader row, int column) => Encoding.UTF8.GetString((byte[])row.GetValue(column));

    private static DateTimeOffset Time(SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);
}
