using Starling.Crypto;

namespace Starling.Platform.Tests;

public sealed class ServerKeysTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("starling-keys-").FullName;

    [Fact]
    public void Raw_public_key_is_made_once_and_kept()
    {
        using var first = ServerKeys.Open(_folder, null, null);
        using var again = ServerKeys.Open(_folder, null, null);
        Assert.Equal(first.Fingerprint, again.Fingerprint);
        Assert.True(first.Dtls is { AcceptsPreSharedKeys: true, RawPublicKeys: true } && !first.HasCertificate);
        Assert.True(RawPublicKey.TryReadPem(File.ReadAllText(first.PublicFile!), out var told));
        Assert.Equal(first.Fingerprint, told.Fingerprint);
    }

    [Fact]
    public void Key_without_a_folder_is_another_one_each_time()
    {
        using var first = ServerKeys.Open(null, null, null);
        using var again = ServerKeys.Open(null, null, null);
        Assert.NotEqual(first.Fingerprint, again.Fingerprint);
        Assert.Null(first.PublicFile);
    }

    [Fact]
    public void Kept_key_that_cannot_be_read_is_not_replaced()
    {
        File.WriteAllText(In("server.key"), "lost");
        Assert.Throws<PkiException>(() => ServerKeys.Open(_folder, null, null));
        Assert.Equal("lost", File.ReadAllText(In("server.key")));
    }

    [Fact]
    public void Certificate_and_its_key_are_taken_in_pem_and_der()
    {
        new PkiFolder(_folder, TimeProvider.System).Create(["localhost"], 30);
        using var pem = ServerKeys.Open(null, In("server.pem"), In("server.key"));
        Assert.True(pem.HasCertificate);
        File.WriteAllBytes(In("server.der"), pem.Dtls.Chain[0].ToArray());
        File.WriteAllBytes(In("key.der"), pem.Dtls.Key!.ToDer());
        using var der = ServerKeys.Open(null, In("server.der"), In("key.der"));
        Assert.Equal(pem.Fingerprint, der.Fingerprint);
        Assert.Equal(pem.Dtls.Chain[0].ToArray(), der.Dtls.Chain[0].ToArray());
    }

    [Theory]
    [InlineData("server.pem", "ca.key")]      // another one's key
    [InlineData("server.key", "server.key")]  // no certificate
    [InlineData("server.pem", "server.pem")]  // no key
    [InlineData("none.pem", "server.key")]
    [InlineData("server.pem", "none.key")]
    public void Files_that_are_no_pair_are_refused(string certificate, string key)
    {
        new PkiFolder(_folder, TimeProvider.System).Create(["localhost"], 30);
        Assert.NotEqual("", Assert.Throws<PkiException>(() => ServerKeys.Open(null, In(certificate), In(key))).Hint);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string In(string name) => Path.Combine(_folder, name);
}
