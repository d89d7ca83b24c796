using System.CommandLine;
using Starling.Coap;

namespace Starling.Platform;

/// <summary>The files with which a simulated device proves who it is, and knows its server: a raw public key, or a certificate.</summary>
internal sealed class CertificateArguments
{
    private const string Placeholder = "{}";
    private readonly Option<string?> _key = New("--key", $"The device's private key (PEM): of its certificate, or else a raw public key. {Placeholder} in the file names of --key and --cert is the endpoint name.");
    private readonly Option<string?> _certificate = New("--cert", "The device's certificate, with its chain (PEM).");
    private readonly Option<string?> _authority = New("--ca", "With --cert: the authority that vouches for the server (PEM).");
    private readonly Option<string?> _server = New("--server-cert", "With --cert: the server's certificate itself, instead of an authority (PEM).");
    private readonly Option<string?> _serverKey = New("--server-key", "The server's public key (PEM), where there is no --cert.");

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether any of the options was given.</summary>
    public bool IsGiven(ParseResult parsed) => All.Any(o => parsed.GetValue(o) is not null);

    /// <summary>What a device of that name has. {} in the name of a file is the device's name.</summary>
    /// <exception cref="VerbException">The options do not fit together, or a file cannot be used.</exception>
    public Func<string, OwnCredentials> Read(ParseResult parsed)
    {
        var (key, certificate, authority, server, serverKey) =
            (parsed.GetValue(_key), parsed.GetValue(_certificate), parsed.GetValue(_authority), parsed.GetValue(_server), parsed.GetValue(_serverKey));
        if (key is null || (certificate is null ? serverKey is null || authority is not null || server is not null : serverKey is not null || (authority is null) == (server is null)))
        {
            throw new VerbException(ExitCode.Usage, "The keys are not complete, or too many.",
                "A raw public key: --key FILE --server-key FILE\nA certificate: --cert FILE --key FILE, and --ca FILE or --server-cert FILE");
        }
        return name => Use(() =>
        {
            using var own = PemFiles.Key(In(key, name));
            return certificate is null
                ? new OwnCredentials.PublicKey(own.ToDer(), PemFiles.PublicKey(In(serverKey!, name)).SubjectPublicKeyInfo)
                : new OwnCredentials.Certificate(PemFiles.Chain(In(certificate, name)), own.ToDer(), Rule(authority, server));
        });
    }

    private IEnumerable<Option<string?>> All => [_key, _certificate, _authority, _server, _serverKey];

    private static CertificateRule Rule(string? authority, string? server) => authority is not null
        ? new CertificateRule(CertificateUsage.TrustAnchor, CertificateMatching.Exact, PemFiles.Certificate(authority))
        : new CertificateRule(CertificateUsage.DomainIssued, CertificateMatching.Exact, PemFiles.Certificate(server!));

    private static string In(string path, string name) => path.Replace(Placeholder, name, StringComparison.Ordinal);

    private static OwnCredentials Use(Func<OwnCredentials> read)
    {
        try
        {
            return read();
        }
        catch (PkiException failure)
        {
            throw new VerbException(ExitCode.Usage, failure.Message, failure.Hint);
        }
    }

    private static Option<string?> New(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
