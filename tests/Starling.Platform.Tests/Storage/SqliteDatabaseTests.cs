using Microsoft.Data.Sqlite;
using Starling.Coap;

namespace Starling.Platform.Tests;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_that_waits_shares_one_commit()
    {
        await using var database = SqliteDatabase.Open(_folder.Path);
        using var gate = new ManualResetEventSlim();
        var first = Task.Run(async () => await database.RunAsync(() => Wait(gate)));
        while (database.Waiting == 0)
        {
            await Task.Yield();
        }
        var order = new List<int>();
        var others = Enumerable.Range(0, 500).Select(i => database.RunAsync(() =>
        {
            order.Add(i);
            return i;
        }).AsTask()).ToArray();
        gate.Set();
        await first;
        Assert.Equal(Enumerable.Range(0, 500), await Task.WhenAll(others));
        Assert.Equal(Enumerable.Range(0, 500), order);
        Assert.InRange(database.Tally.Commits, 1, 2);   // the first may have been on its way, or have waited with the others
        Assert.Equal(501, database.Tally.Changes);
    }

    [Fact]
    public async Task What_comes_when_the_queue_is_full_is_refused_and_counted()
    {
        await using var database = SqliteDatabase.Open(_folder.Path, new StorageSettings { MaxWaiting = 2 });
        using var gate = new ManualResetEventSlim();
        Task[] waiting = [database.RunAsync(() => Wait(gate)).AsTask(), database.RunAsync(() => 0).AsTask()];
        Assert.Throws<CoapBusyException>(() => { database.RunAsync(() => 0); });
        gate.Set();
        await Task.WhenAll(waiting);
        Assert.Equal(1, database.Tally.Refused);
        Assert.Equal(7, await database.RunAsync(() => 7));
    }

    [Fact]
    public async Task Work_that_fails_is_its_own_matter()
    {
        await using var database = SqliteDatabase.Open(_folder.Path);
        var failing = database.RunAsync<int>(() => throw new InvalidDataException("own"));
        var other = database.RunAsync(() => 1);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await failing);
        Assert.Equal(1, await other);
    }

    [Fact]
    public async Task Closed_database_takes_nothing_and_has_written_what_it_took()
    {
        var database = SqliteDatabase.Open(_folder.Path);
        var taken = Enumerable.Range(0, 100).Select(i => database.RunAsync(() => i).AsTask()).ToArray();
        await database.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, 100), await Task.WhenAll(taken));
        Assert.Throws<StorageException>(() => { database.RunAsync(() => 0); });
    }

    // A disk that is full, without filling one: the file may not grow.
    [Fact]
    public async Task Disk_that_is_full_makes_changes_wait_until_there_is_room()
    {
        await using var database = SqliteDatabase.Open(_folder.Path, new StorageSettings { RetryAfter = TimeSpan.FromMilliseconds(20) });
        var add = database.Statement("INSERT INTO devices (tenant, endpoint, state) VALUES ('', 'a', zeroblob(1000000))");
        var forbid = database.Statement("PRAGMA max_page_count = 20");
        var allow = database.Statement("PRAGMA max_page_count = 1000000");
        await database.RunAsync(forbid.Run);
        var attempts = 0;
        var added = database.RunAsync(() =>
        {
            if (++attempts == 3)
            {
                allow.Run();
            }
            return add.Run();
        });
        Assert.Equal(1, await added);
        Assert.Equal((3, 2), (attempts, database.Tally.Failures));
    }

    [Fact]
    public async Task Second_owner_is_refused()
    {
        await using var database = SqliteDatabase.Open(_folder.Path);
        var refused = Assert.Throws<StorageException>(() => { SqliteDatabase.Open(_folder.Path); });
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--data", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_of_a_newer_version_is_refused()
    {
        await using (var database = SqliteDatabase.Open(_folder.Path))
        {
            await database.RunAsync(database.Statement($"PRAGMA user_version = {SqliteSchema.Newest + 1}").Run);
        }
        var refused = Assert.Throws<StorageException>(() => { SqliteDatabase.Open(_folder.Path); });
        Assert.Contains("newer Starling", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_of_another_program_is_refused_and_left_as_it_is()
    {
        await using (var database = SqliteDatabase.Open(_folder.Path))
        {
            await database.RunAsync(database.Statement("PRAGMA application_id = 17").Run);
        }
        var before = await File.ReadAllBytesAsync(_folder.Database);
        var refused = Assert.Throws<StorageException>(() => { SqliteDatabase.Open(_folder.Path); });
        Assert.Contains("another program", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.Database));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(10_000)]
    public void File_of_garbage_is_refused_and_left_as_it_is(int length)
    {
        var garbage = new byte[length];
        new Random(length).NextBytes(garbage);
        File.WriteAllBytes(_folder.Database, garbage);
        var refused = Assert.Throws<StorageException>(() => { SqliteDatabase.Open(_folder.Path); });
        Assert.Contains(_folder.Database, refused.Message, StringComparison.Ordinal);
        Assert.Equal(garbage, File.ReadAllBytes(_folder.Database));
    }

    [Fact]
    public void Folder_that_cannot_be_made_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "");
        var refused = Assert.Throws<StorageException>(() => { SqliteDatabase.Open(Path.Combine(_folder.Path, "file", "data")); });
        Assert.Contains("cannot be used", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_is_its_owners_alone()
    {
        var folder = Path.Combine(_folder.Path, "data");
        await SqliteDatabase.Open(folder).DisposeAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
    }

    // What a program leaves that dies between two commits, cut off at any place: by a torn write, or by somebody.
    [Fact]
    public async Task Log_that_is_cut_off_anywhere_leaves_whole_commits_in_their_order()
    {
        using var other = new TempFolder();
        await using (var database = SqliteDatabase.Open(_folder.Path))
        {
            var add = database.Statement("INSERT INTO profiles (id, links) VALUES ($id, $links)", "$id", "$links");
            for (long i = 0; i < 20; i++)
            {
                // Two rows and more than a page a commit: half of it is none of it.
                await database.RunAsync(() => add.With(i, new byte[5000]).Run() + add.With(i + 1000, new byte[5000]).Run());
            }
            File.Copy(_folder.Database, other.Database);
            File.Copy(_folder.Database + "-wal", other.Database + "-wal");
        }
        var log = await File.ReadAllBytesAsync(other.Database + "-wal");
        var main = await File.ReadAllBytesAsync(other.Database);
        var random = new Random(1);
        var seen = new HashSet<long>();
        for (var round = 0; round < 40; round++)
        {
            await File.WriteAllBytesAsync(other.Database, main);
            await File.WriteAllBytesAsync(other.Database + "-wal", log[..random.Next(log.Length)]);
            await using var database = SqliteDatabase.Open(other.Path);
            var rows = await database.RunAsync(() => Count(database, "SELECT count(*) FROM profiles"));
            var commits = await database.RunAsync(() => Count(database, "SELECT count(*) FROM profiles WHERE id < 1000"));
            var highest = await database.RunAsync(() => Count(database, "SELECT coalesce(max(id), -1) FROM profiles WHERE id < 1000"));
            Assert.Equal((commits * 2, commits - 1), (rows, highest));
            seen.Add(commits);
        }
        Assert.True(seen.Count > 10, "The log was not cut off in different places.");
    }

    [Fact]
    public async Task File_that_breaks_while_it_is_used_takes_nothing_any_more_and_says_so()
    {
        await using (var database = SqliteDatabase.Open(_folder.Path))
        {
            var add = database.Statement("INSERT INTO profiles (id, links) VALUES ($id, zeroblob(3000))", "$id");
            for (long i = 0; i < 300; i++)
            {
                await database.RunAsync(() => add.With(i).Run());
            }
        }
        // All but the header and the list of tables.
        await using (var file = File.OpenWrite(_folder.Database))
        {
            var garbage = new byte[file.Length - 8192];
            new Random(1).NextBytes(garbage);
            file.Position = 8192;
            await file.WriteAsync(garbage);
        }
        await using var broken = SqliteDatabase.Open(_folder.Path);
        var failed = await Assert.ThrowsAsync<StorageException>(async () => await broken.RunAsync(() => Count(broken, "SELECT sum(length(links)) FROM profiles")));
        Assert.Contains(_folder.Database, failed.Message, StringComparison.Ordinal);
        Assert.Throws<StorageException>(() => { broken.RunAsync(() => 0); });
    }

    [Fact]
    public async Task Older_file_is_brought_up_to_date()
    {
        await using (var database = SqliteDatabase.Open(_folder.Path))
        {
            await database.RunAsync(database.Statement("DROP TABLE sessions; DROP TABLE credentials; DROP TABLE profiles; DROP TABLE operations; PRAGMA user_version = 1").Run);
        }
        await using var newer = SqliteDatabase.Open(_folder.Path);
        Assert.Equal(0, await newer.RunAsync(() => Count(newer, "SELECT count(*) FROM profiles")));
        Assert.Equal(SqliteSchema.Newest, await newer.RunAsync(() => Count(newer, "PRAGMA user_version")));
    }

    [Fact]
    public void Tables_that_find_no_room_leave_the_reason_and_a_file_for_the_next_time()
    {
        Assert.True(SqliteLibrary.IsThere);
        var file = Path.Combine(_folder.Path, "full.db");
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            SQLitePCL.raw.sqlite3_commit_hook(connection.Handle, _ => 1, null);   // as a full disk does: the commit fails and has rolled back already
            var why = Assert.Throws<SqliteException>(() => SqliteSchema.Bring(connection, file));
            Assert.DoesNotContain("rollback", why.Message, StringComparison.Ordinal);
        }
        using var next = new SqliteConnection($"Data Source={file};Pooling=False");
        next.Open();
        SqliteSchema.Bring(next, file);
    }

    private static long Count(SqliteDatabase database, string question)
    {
        using var rows = database.Statement(question).Read();
        Assert.True(rows.Read());
        return rows.GetInt64(0);
    }

    private static bool Wait(ManualResetEventSlim gate)
    {
        gate.Wait(RunningPlatform.Patience);
        return true;
    }
}
