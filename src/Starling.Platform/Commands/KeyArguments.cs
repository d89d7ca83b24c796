using System.CommandLine;
using System.Text;
using Starling.Coap;

namespace Starling.Platform;

/// <summary>With what <c>device</c> and <c>simulate</c> prove who they are to a server at <c>coaps://</c>.</summary>
internal sealed class KeyArguments
{
    private const int MaxKey = 64, MaxIdentity = 128;   // LwM2M Core 1.2, object 0
    private readonly Option<string?> _identity = new("--psk-identity") { Description = "The pre-shared key's identity. Unless given: the endpoint name.", HelpName = "TEXT" };
    private readonly Option<string?> _key = new("--psk-key") { Description = "The pre-shared key in hexadecimal digits, or the file that they are in.", HelpName = "HEX|@FILE" };
    private readonly Option<bool> _ids = new("--cid") { Description = "Connection ids: the session goes on when the device's address changes.", DefaultValueFactory = _ => true, HelpName = "true|false" };

    private readonly CertificateArguments _files = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_identity);
        command.Options.Add(_key);
        _files.AddTo(command);
        command.Options.Add(_ids);
    }

    /// <summary>The fleet with what these options say.</summary>
    public FleetSettings Add(ParseResult parsed, FleetSettings fleet)
    {
        var isSecured = fleet.Server.Scheme == "coaps";
        var (hasKey, hasFiles) = (parsed.GetValue(_key) is not null, _files.IsGiven(parsed));
        if (isSecured != (hasKey || hasFiles))
        {
            throw isSecured
                ? new VerbException(ExitCode.Usage, $"{fleet.Server.OriginalString} needs credentials.",
                    "A pre-shared key: --psk-key HEX, and --psk-identity TEXT where that is not the endpoint name\nA raw public key or a certificate: --key FILE and more, see --help")
                : new VerbException(ExitCode.Usage, $"{fleet.Server.OriginalString} takes no credentials.", "Write the server as coaps://HOST:5684");
        }
        if (hasKey && hasFiles)
        {
            throw new VerbException(ExitCode.Usage, "A device has a pre-shared key, or keys in files, not both.");
        }
        if (!isSecured)
        {
            return fleet;
        }
        var dtls = parsed.GetValue(_ids) ? fleet.Dtls : fleet.Dtls with { Dtls = fleet.Dtls.Dtls with { ConnectionIdLength = null } };
        return fleet with { Dtls = dtls, Credentials = hasFiles ? _files.Read(parsed) : PreSharedKey(parsed) };
    }

    private Func<string, OwnCredentials> PreSharedKey(ParseResult parsed)
    {
        var bytes = Key(parsed.GetValue(_key)!);
        var identity = parsed.GetValue(_identity);
        return identity is not null && Encoding.UTF8.GetByteCount(identity) > MaxIdentity
            ? throw new VerbException(ExitCode.Usage, $"--psk-identity has at most {MaxIdentity} bytes.")
            : name => new OwnCredentials.PreSharedKey(Encoding.UTF8.GetBytes(identity ?? name), bytes);
    }

    private static byte[] Key(string text)
    {
        var digits = text.StartsWith('@') ? Read(text[1..]) : text;
        try
        {
            return Convert.FromHexString(digits.Trim()) is { Length: >= 1 and <= MaxKey } bytes ? bytes : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new VerbException(ExitCode.Usage, $"--psk-key has 1 to {MaxKey} bytes in hexadecimal digits.");   // and is not repeated here
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCode.Usage, $"--psk-key: {unreadable.Message}");
        }
    }
}
