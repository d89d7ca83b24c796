namespace Starling.Interop.Tests;

/// <summary>Where the foreign programs are. The command <c>./test</c> installs them.</summary>
internal static class Peers
{
    public const string CoapClient = "coap-client";
    public const string CoapServer = "coap-server";
    public const string CoapClientOpenssl = "coap-client-openssl";
    public const string CoapClientGnutls = "coap-client-gnutls";
    public const string CoapServerOpenssl = "coap-server-openssl";
    public const string CoapServerGnutls = "coap-server-gnutls";
    public const string Tshark = "tshark";
    public const string NpmCoap = "coap";
    public const string NpmLwm2m = "lwm2m-node-lib";
    public const string Openssl = "openssl";
    public const string GnutlsClient = "gnutls-cli";
    public const string GnutlsServer = "gnutls-serv";
    public const string NewOpenssl = "openssl of trixie";
    public const string Mbedtls = "mbedTLS";
    public const string Wolfssl = "wolfSSL";
    private static readonly string _root = FindRoot();

    /// <summary>The folder of the npm packages; it need not be there.</summary>
    public static string NodeModules => Path.Combine(_root, ".cache", "peers", "node_modules");

    /// <summary>A script of ours that drives an npm package.</summary>
    public static string Script(string name) => Path.Combine(_root, "tests", "Starling.Interop.Tests", "peers", name);

    /// <summary>A page of the documentation.</summary>
    public static string Document(string name) => Path.Combine(_root, "docs", name);

    /// <summary>The program; null when it is not installed.</summary>
    public static string? Find(string peer) => peer switch
    {
        CoapClient or CoapServer => FindProgram($"{peer}-notls") ?? FindProgram(peer),   // as Debian names the build without TLS, or as its makers do
        NpmCoap or NpmLwm2m => Directory.Exists(Path.Combine(NodeModules, peer)) ? FindProgram("node") : null,
        NewOpenssl or Mbedtls or Wolfssl => Fetched(peer) is [_, _, _, var program] && File.Exists(program) ? program : null,
        _ => FindProgram(peer),
    };

    /// <summary>The program of a test that runs only when it is there.</summary>
    public static string Get(string peer) => Find(peer) ?? throw new InvalidOperationException($"{peer} is not installed.");

    /// <summary>How a program is started that <c>peers/fetch</c> fetched or built: by the loader of the release that it is of.</summary>
    public static string[] Fetched(string peer)
    {
        var root = Path.Combine(_root, ".cache", "peers", peer == Wolfssl ? "sid" : "trixie");
        var libraries = Path.Combine(root, "usr", "lib", "x86_64-linux-gnu");
        return [Path.Combine(libraries, "ld-linux-x86-64.so.2"), "--library-path", libraries, Path.Combine(root, peer == NewOpenssl ? "usr/bin/openssl" : "tunnel")];
    }

    private static string? FindProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Starling.slnx")))
        {
            folder = folder.Parent;
        }
        return folder.FullName;
    }
}
