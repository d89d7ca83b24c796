using System.Text;

namespace Starling.Platform.Tests;

public sealed class DataKeyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => Path.Combine(_folder.Path, DataKey.FileName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_sealed_opens_in_the_next_process_for_the_same_thing_only()
    {
        byte[] sealed1;
        using (var key = new DataKey(File, null))
        {
            sealed1 = key.Seal("secret"u8, "credential:a"u8);
            Assert.NotEqual(sealed1, key.Seal("secret"u8, "credential:a"u8));
        }
        using var next = new DataKey(File, null);
        Assert.True(next.TryOpen(sealed1, "credential:a"u8, out var plain));
        Assert.Equal("secret", Encoding.UTF8.GetString(plain));
        Assert.False(next.TryOpen(sealed1, "credential:b"u8, out _));
        Assert.False(next.TryOpen(sealed1, "session:a"u8, out _));
    }

    [Fact]
    public void What_was_sealed_before_each_thing_had_a_key_of_its_own_still_opens()
    {
        var digits = new string('7', 64);
        byte[] nonce = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], tag = new byte[16], text = new byte[6];
        using (var cipher = new System.Security.Cryptography.AesGcm(Convert.FromHexString(digits), 16))
        {
            cipher.Encrypt(nonce, "secret"u8, text, tag, "a"u8);
        }
        using var key = new DataKey(File, digits);
        Assert.True(key.TryOpen([1, .. nonce, .. tag, .. text], "a"u8, out var plain));
        Assert.Equal("secret", Encoding.UTF8.GetString(plain));
        Assert.False(key.TryOpen([2, .. nonce, .. tag, .. text], "a"u8, out _));   // under another key
    }

    [Fact]
    public void Key_that_cannot_be_written_whole_leaves_none()
    {
        var half = File + ".new";
        Directory.CreateDirectory(half);
        using var key = new DataKey(File, null);
        Assert.Throws<StorageException>(() => key.Seal("secret"u8, "a"u8));
        Assert.False(System.IO.File.Exists(File));
        Directory.Delete(half);
        key.Seal("secret"u8, "a"u8);
        Assert.Equal(65, System.IO.File.ReadAllText(File).Length);
        Assert.False(Path.Exists(half));
    }

    [Fact]
    public void Every_bit_that_changes_and_every_byte_that_is_missing_is_noticed()
    {
        using var key = new DataKey(File, null);
        var whole = key.Seal("secret"u8, "a"u8);
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(key.TryOpen(damaged, "a"u8, out _));
        }
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.False(key.TryOpen(whole.AsSpan(0, length), "a"u8, out _));
        }
    }

    [Fact]
    public void File_is_made_at_first_use_for_its_owner_alone()
    {
        using var key = new DataKey(File, null);
        Assert.False(key.TryOpen(new byte[100], "a"u8, out _));
        Assert.False(System.IO.File.Exists(File));
        key.Seal([], "a"u8);
        Assert.Matches("^[0-9a-f]{64}\n$", System.IO.File.ReadAllText(File));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Fact]
    public void Variable_goes_before_the_file_and_none_is_made()
    {
        using var key = new DataKey(File, new string('a', 64));
        var bytes = key.Seal("x"u8, "a"u8);
        Assert.False(System.IO.File.Exists(File));
        using var same = new DataKey(File, new string('A', 64) + "\n");
        Assert.True(same.TryOpen(bytes, "a"u8, out _));
        Assert.Contains(DataKey.Variable, key.Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("zz")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void What_is_no_key_is_an_error_that_says_so(string text)
    {
        System.IO.File.WriteAllText(File, text);
        using var fromFile = new DataKey(File, null);
        Assert.Contains("64 hexadecimal digits", Assert.Throws<StorageException>(() => fromFile.Seal([], [])).Message, StringComparison.Ordinal);
        using var fromVariable = new DataKey(File, text);
        Assert.Contains(DataKey.Variable, Assert.Throws<StorageException>(() => fromVariable.Seal([], [])).Message, StringComparison.Ordinal);
        Assert.Equal(text, System.IO.File.ReadAllText(File));   // what is there is never overwritten
    }

    [Fact]
    public void Folder_that_takes_no_key_is_an_error_that_says_so()
    {
        using var key = new DataKey(Path.Combine(_folder.Path, "none", "key"), null);
        Assert.Contains(DataKey.Variable, Assert.Throws<StorageException>(() => key.Seal([], [])).Hint, StringComparison.Ordinal);
    }
}
