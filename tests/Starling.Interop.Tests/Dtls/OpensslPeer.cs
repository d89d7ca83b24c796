using System.Globalization;

namespace Starling.Interop.Tests;

/// <summary>openssl s_client and s_server: of this machine, or a newer one that <c>peers/fetch</c> fetched, which has raw public keys (RFC 7250).</summary>
/// <param name="newer">Whether it is the fetched one.</param>
/// <param name="more">Further options.</param>
internal sealed class OpensslPeer(bool newer = false, params string[] more) : SecurePeer
{
    private readonly string[] _program = newer ? Peers.Fetched(Peers.NewOpenssl) : [Peers.Get(Peers.Openssl)];

    public override SecureSession Listen(int port, SecureCase what)
    {
        string[] verify = what.RawKeys ? ["-Verify", "2"] : ["-Verify", "2", "-verify_return_error"];
        string[] keys = what.Names.IsPreShared ? ["-psk", SecureCase.Key, "-psk_identity", SecureCase.Identity, "-nocert"] : verify;
        return Start("s_server", what, TestKeys.Shared.ServerOf(what), ["-accept", $"127.0.0.1:{port}", "-listen", .. keys]);
    }

    public override SecureSession Connect(int port, SecureCase what)
    {
        string[] name = what.RawKeys ? [] : ["-verify_return_error", "-verify_hostname", TestKeys.ServerName];
        string[] keys = what.Names.IsPreShared ? ["-psk", what.ClientKey, "-psk_identity", what.ClientIdentity] : ["-servername", TestKeys.ServerName, .. name];
        string[] fragment = what.Fragment > 0 ? ["-maxfraglen", what.Fragment.ToString(CultureInfo.InvariantCulture)] : [];
        return Start("s_client", what, TestKeys.Shared.ClientOf(what), ["-brief", "-timeout", "-connect", $"127.0.0.1:{port}", .. keys, .. fragment]);
    }

    private ProgramSession Start(string role, SecureCase what, KeyFiles own, string[] options)
    {
        string[] common = [role, "-dtls1_2", "-mtu", "1200", "-cipher", $"{what.Names.Openssl}:@SECLEVEL=0"];
        string[] keys = what.Names.IsPreShared ? [] : ["-cert", own.Certificate, "-key", own.Key, "-cert_chain", TestKeys.Shared.Between, "-CAfile", TestKeys.Shared.Authority];
        string[] raw = what.RawKeys ? ["-enable_client_rpk", "-enable_server_rpk"] : [];
        var program = ForeignProgram.Start(_program[0], [.. _program[1..], .. common, .. keys, .. raw, .. options, .. more], Environment(what));
        return new ProgramSession(program, role == "s_server" ? "DONE" : "closed", "error:");
    }

    // What no option of the command line turns off, a configuration does.
    private static Dictionary<string, string> Environment(SecureCase what)
    {
        string?[] off = [what.NoExtendedMasterSecret ? "-ExtendedMasterSecret" : null, what.NoEncryptThenMac ? "-EncryptThenMac" : null];
        var file = Path.Combine(TestKeys.Shared.Folder, $"openssl{what.NoExtendedMasterSecret}{what.NoEncryptThenMac}.cnf");
        lock (TestKeys.Shared)
        {
            File.WriteAllText(file, $"openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nOptions = {string.Join(',', off.OfType<string>())}\n");
        }
        return new() { ["OPENSSL_CONF"] = file };
    }
}
