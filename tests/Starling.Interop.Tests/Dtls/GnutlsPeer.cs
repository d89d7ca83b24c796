using System.Globalization;

namespace Starling.Interop.Tests;

/// <summary>gnutls-cli and gnutls-serv. The server sends back what it hears.</summary>
/// <param name="more">Further options.</param>
internal sealed class GnutlsPeer(params string[] more) : SecurePeer
{
    public override SecureSession Listen(int port, SecureCase what)
    {
        var own = TestKeys.Shared.ServerOf(what);
        string[] keys = what.Names.IsPreShared ? ["--pskpasswd", Passwords()] : ["--require-client-cert", "--verify-client-cert", .. Own(what, own)];
        return Start(Peers.GnutlsServer, what, "", ["--port", $"{port}", "--echo", .. what.RawKeys ? keys.Where(k => k != "--verify-client-cert") : keys]);
    }

    public override SecureSession Connect(int port, SecureCase what)
    {
        string[] keys = what.Names.IsPreShared ? ["--pskusername", what.ClientIdentity, "--pskkey", what.ClientKey] : Own(what, TestKeys.Shared.ClientOf(what));
        string[] name = what.RawKeys ? ["--insecure"] : ["--sni-hostname", TestKeys.ServerName, "--verify-hostname", TestKeys.ServerName];
        string[] fragment = what.Fragment > 0 ? ["--recordsize", what.Fragment.ToString(CultureInfo.InvariantCulture)] : [];
        return Start(Peers.GnutlsClient, what, "Peer has closed", ["--port", $"{port}", .. keys, .. name, .. fragment, "127.0.0.1"]);
    }

    private static string[] Own(SecureCase what, KeyFiles own) => what.RawKeys
        ? ["--rawpkkeyfile", own.Key, "--rawpkfile", own.PublicKey]
        : ["--x509keyfile", own.Key, "--x509certfile", own.Certificate, "--x509cafile", TestKeys.Shared.Authority];

    // Line by line also into a pipe.
    private ProgramSession Start(string name, SecureCase what, string ended, IEnumerable<string> arguments) =>
        new(ForeignProgram.Start("stdbuf", ["-oL", "-eL", Peers.Get(name), "--udp", "--mtu", "1200", "--priority", Priority(what), .. more, .. arguments]), ended, "Received alert")
        {
            Echoes = name == Peers.GnutlsServer,
        };

    private static string Priority(SecureCase what) =>
        $"NONE:+VERS-DTLS1.2:+COMP-NULL:+SIGN-ECDSA-SHA256:+GROUP-SECP256R1:+{what.Names.GnutlsExchange}:+{what.Names.GnutlsCipher}"
        + (what.RawKeys ? ":+CTYPE-CLI-RAWPK:+CTYPE-SRV-RAWPK" : ":+CTYPE-X509")
        + (what.NoExtendedMasterSecret ? ":%NO_SESSION_HASH" : "") + (what.NoEncryptThenMac ? ":%NO_ETM" : "");

    private static string Passwords()
    {
        var file = Path.Combine(TestKeys.Shared.Folder, "gnutls.psk");
        lock (TestKeys.Shared)
        {
            File.WriteAllText(file, $"{SecureCase.Identity}:{SecureCase.Key}\n");
        }
        return file;
    }
}
