using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>The options that say by what a device is known, shared by <c>credentials add</c>, <c>rotate</c> and <c>explain</c>.</summary>
internal sealed class CredentialArguments
{
    private readonly List<(Option<string?> Option, string Member, bool IsFile)> _all = [];

    /// <summary>Options of a new credential.</summary>
    public static CredentialArguments New()
    {
        var options = new CredentialArguments();
        options.Add("--psk-identity", "pskIdentity", "The PSK identity; the endpoint name unless given.", "ID");
        options.Add("--psk-key", "pskKey", "The pre-shared key in hexadecimal digits, or the file that they are in. Without it one is made and shown once.", "HEX|@FILE");
        options.Add("--public-key", "publicKey", "A raw public key on P-256: a file (PEM), or DER in hexadecimal.", "FILE|HEX", isFile: true);
        options.Add("--cert", "certificate", "One certificate, whoever signed it: a file (PEM).", "FILE", isFile: true);
        options.Add("--fingerprint", "fingerprint", "One certificate by its SHA-256.", "HEX");
        options.Add("--subject", "subject", "Certificates of this subject, signed below an authority that is known: CN=dev-1,O=Acme.", "NAME");
        options.Add("--not-before", "notBefore", "From when on it counts: 2027-01-31T12:00:00Z.", "TIME");
        options.Add("--not-after", "notAfter", "When it ends.", "TIME");
        return options;
    }

    /// <summary>Options of an authority, besides.</summary>
    public CredentialArguments WithAuthority()
    {
        Add("--ca", "authority", "An authority whose devices are let in: a file (PEM).", "FILE", isFile: true);
        Add("--endpoint-pattern", "endpointPattern", "With --ca: which names its devices may take, as in urn:dev:{cn}. Without it only subjects with a credential of their own are let in.", "PATTERN");
        return this;
    }

    /// <summary>Options of a device that is asked about.</summary>
    public static CredentialArguments Asked()
    {
        var options = new CredentialArguments();
        options.Add("--psk-identity", "pskIdentity", "It has this PSK identity.", "ID");
        options.Add("--public-key", "publicKey", "It has this raw public key: a file (PEM), or DER in hexadecimal.", "FILE|HEX", isFile: true);
        options.Add("--cert", "certificate", "It has this certificate: a file (PEM), with its chain.", "FILE", isFile: true);
        return options;
    }

    /// <summary>Adds the options to a command.</summary>
    public CredentialArguments On(Command command)
    {
        foreach (var (option, _, _) in _all)
        {
            command.Options.Add(option);
        }
        return this;
    }

    /// <summary>What was given, as the members of a request.</summary>
    public JsonObject Read(ParseResult parsed)
    {
        var body = new JsonObject();
        foreach (var (option, member, isFile) in _all)
        {
            if (parsed.GetValue(option) is { } text)
            {
                body[member] = isFile ? TextOf(text) : member == "pskKey" && text.StartsWith('@') ? ReadFile(text[1..]) : text;
            }
        }
        return body;
    }

    /// <summary>The text of a file where there is one of this name, else the text itself.</summary>
    public static string TextOf(string value) => File.Exists(value) ? ReadFile(value) : value;

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCode.Usage, $"{file} cannot be read: {unreadable.Message}");
        }
    }

    private void Add(string name, string member, string description, string help, bool isFile = false)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = help };
        // A name that is no file would be sent as a key.
        if (isFile)
        {
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<string?>() is { } file && !File.Exists(file) && !(help is "FILE|HEX" && file.All(char.IsAsciiHexDigit)))
                {
                    result.AddError($"{name}: there is no file {file}.");
                }
            });
        }
        _all.Add((option, member, isFile));
    }
}
