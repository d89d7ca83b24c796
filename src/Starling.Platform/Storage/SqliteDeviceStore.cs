using Microsoft.Data.Sqlite;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Devices in SQLite. A device's answer waits for the commit that keeps what it said.</summary>
internal sealed class SqliteDeviceStore(SqliteDatabase database, bool answerBeforeCommit = false) : IDeviceStore
{
    private const string Device = "(SELECT id FROM devices WHERE tenant = $tenant AND endpoint = $endpoint)";
    private const string Same = $"WHERE device = {Device} AND version = $expected";

    private readonly LinkListCache _links = new();

    private readonly SqliteStatement _add = database.Statement(
        "INSERT OR IGNORE INTO devices (tenant, endpoint, state) VALUES ($tenant, $endpoint, $state)", "$tenant", "$endpoint", "$state");

    private readonly SqliteStatement _addContact = database.Statement(
        $"INSERT INTO contacts VALUES ({Device}, $version, $updated, $transport, $address)", "$tenant", "$endpoint", "$version", "$updated", "$transport", "$address");

    private readonly SqliteStatement _move = database.Statement(
        $"UPDATE contacts SET version = $version, updated = $updated, transport = $transport, address = $address {Same}",
        "$tenant", "$endpoint", "$expected", "$version", "$updated", "$transport", "$address");

    private readonly SqliteStatement _renew = database.Statement(
        $"UPDATE contacts SET version = $expected + 1, updated = $updated {Same}", "$tenant", "$endpoint", "$expected", "$updated");

    private readonly SqliteStatement _change = database.Statement(
        "UPDATE devices SET state = $state WHERE tenant = $tenant AND endpoint = $endpoint", "$tenant", "$endpoint", "$state");

    private readonly SqliteStatement _deleteContact = database.Statement($"DELETE FROM contacts {Same}", "$tenant", "$endpoint", "$expected");

    private readonly SqliteStatement _delete = database.Statement(
        "DELETE FROM devices WHERE tenant = $tenant AND endpoint = $endpoint", "$tenant", "$endpoint");

    private readonly SqliteStatement _page = database.Page(
        "tenant, endpoint, state, version, updated, transport, address", "devices JOIN contacts ON device = id", "id");

    /// <inheritdoc/>
    /// <exception cref="StorageException">What is kept of a device is damaged.</exception>
    public IAsyncEnumerable<DeviceState> LoadAllAsync(CancellationToken cancel) => database.ReadAllAsync(_page, Read, cancel);

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(DeviceState state, long expectedVersion, CancellationToken cancel) =>
        Answer(database.RunAsync(() => Save(state, expectedVersion)));

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(DeviceKey key, DateTimeOffset updatedAt, PeerAddress? address, long expectedVersion, CancellationToken cancel) =>
        Answer(address is { } moved
            ? database.RunAsync(() => Move(key, new Contact(expectedVersion + 1, updatedAt, moved), expectedVersion))
            : database.RunAsync(() => _renew.With(key.TenantBytes(), key.EndpointBytes(), expectedVersion, updatedAt.UtcTicks).Run() == 1));

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(DeviceKey key, long expectedVersion, CancellationToken cancel) =>
        Answer(database.RunAsync(() => Delete(key, expectedVersion)));

    // The file is this process's alone, so what was taken is as good as compared.
    private ValueTask<bool> Answer(ValueTask<bool> committed)
    {
        if (!answerBeforeCommit)
        {
            return committed;
        }
        _ = committed.AsTask();
        return ValueTask.FromResult(true);
    }

    private bool Save(DeviceState state, long expectedVersion)
    {
        var (key, registration) = (state.Key, state.Registration);
        var contact = new Contact(state.Version, registration.UpdatedAt, registration.Address);
        var bytes = DeviceStateCodec.Encode(state);
        if (expectedVersion != 0)
        {
            return Move(key, contact, expectedVersion) && _change.With(key.TenantBytes(), key.EndpointBytes(), bytes).Run() == 1;
        }
        return _add.With(key.TenantBytes(), key.EndpointBytes(), bytes).Run() == 1
            && _addContact.With(key.TenantBytes(), key.EndpointBytes(), contact.Version, contact.UpdatedAt.UtcTicks, contact.Address.Transport ?? "", contact.Address.Text ?? "").Run() == 1;
    }

    private bool Move(DeviceKey key, in Contact contact, long expectedVersion) => _move.With(
        key.TenantBytes(), key.EndpointBytes(), expectedVersion, contact.Version, contact.UpdatedAt.UtcTicks, contact.Address.Transport ?? "", contact.Address.Text ?? "").Run() == 1;

    private bool Delete(DeviceKey key, long expectedVersion) =>
        _deleteContact.With(key.TenantBytes(), key.EndpointBytes(), expectedVersion).Run() == 1 && _delete.With(key.TenantBytes(), key.EndpointBytes()).Run() == 1;

    private DeviceState Read(SqliteDataReader row)
    {
        var key = row.GetKey(1);
        var contact = new Contact(row.GetInt64(4), new DateTimeOffset(row.GetInt64(5), TimeSpan.Zero), new PeerAddress(row.GetString(6), row.GetString(7)));
        return DeviceStateCodec.TryDecode((byte[])row.GetValue(3), key, contact, _links, out var state)
            ? state
            : throw database.Damaged($"the device {SafeText.Line(key.ToString(), 80)}");
    }
}
