using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Starling.Cbor;
using Starling.Coap;
using Starling.Transports;

namespace Starling.Platform;

/// <summary>
/// Sessions in SQLite, each encrypted as a whole with the record numbers that it may have used, so that nobody turns them back. What does not open is left
/// out and forgotten: its device makes a new session.
/// </summary>
internal sealed class SqliteSessionStore(SqliteDatabase database, DataKey key) : ISessionStore
{
    private const int MaxText = 512;

    private readonly SqliteStatement _save = database.Statement("INSERT OR REPLACE INTO sessions (id, sealed) VALUES ($id, $sealed)", "$id", "$sealed");

    private readonly SqliteStatement _delete = database.Statement("DELETE FROM sessions WHERE id = $id", "$id");

    private readonly SqliteStatement _page = database.Page("id, sealed", "sessions");

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredSession> LoadAllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var (id, session) in database.ReadAllAsync(_page, Read, cancel).ConfigureAwait(false))
        {
            if (session is not null)
            {
                yield return session;
            }
            else
            {
                await DeleteAsync([id], cancel).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask SaveAsync(IReadOnlyCollection<StoredSession> sessions, CancellationToken cancel)
    {
        var rows = sessions.Select(s => (s.Id, Sealed: Seal(s))).ToArray();
        await database.RunAsync(() => rows.Sum(r => _save.With(r.Id, r.Sealed).Run())).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(IReadOnlyCollection<long> ids, CancellationToken cancel) =>
        await database.RunAsync(() => ids.Sum(id => _delete.With(id).Run())).ConfigureAwait(false);

    private static byte[] Belonging(long id)
    {
        var text = "session:"u8.ToArray();
        Array.Resize(ref text, text.Length + sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(text.AsSpan(text.Length - sizeof(long)), id);
        return text;
    }

    // [reserved, transport, address, state, identity]
    private byte[] Seal(StoredSession session)
    {
        var buffer = new ArrayBufferWriter<byte>(session.State.Length + MaxText);
        var writer = new CborWriter(buffer);
        writer.WriteArray(5);
        writer.WriteUnsigned(session.Reserved);
        writer.WriteText(session.Address.Transport);
        writer.WriteText(session.Address.Text);
        writer.WriteBytes(session.State);
        IdentityCodec.Write(ref writer, session.Identity);
        writer.Flush();
        var plain = buffer.WrittenSpan.ToArray();
        try
        {
            return key.Seal(plain, Belonging(session.Id));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
            buffer.Clear();
        }
    }

    private (long Id, StoredSession? Session) Read(SqliteDataReader row)
    {
        var id = row.GetInt64(1);
        if (!key.TryOpen((byte[])row.GetValue(2), Belonging(id), out var plain))
        {
            return (id, null);
        }
        try
        {
            return (id, TryDecode(id, plain, out var session) ? session : null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static bool TryDecode(long id, ReadOnlySpan<byte> plain, out StoredSession session)
    {
        session = null!;
        var reader = new CborReader(plain);
        if (!reader.TryReadArray(out var count) || count != 5
            || !reader.TryReadUInt64(out var reserved) || !reader.TryReadText(out var transport) || !reader.TryReadText(out var address)
            || !reader.TryReadBytes(out var state) || !IdentityCodec.TryRead(ref reader, out var identity))
        {
            return false;
        }
        session = new StoredSession(id, state.ToArray(), reserved, new PeerAddress(Encoding.UTF8.GetString(transport), Encoding.UTF8.GetString(address)), identity);
        return true;
    }
}
