using System.Globalization;

namespace Starling.Platform;

/// <summary>PSK identities that follow one another when keys are rotated: <c>dev-1</c>, <c>dev-1.2</c>, <c>dev-1.3</c>.</summary>
internal static class CredentialNames
{
    public static string Next(string identity)
    {
        var dot = identity.LastIndexOf('.');
        return dot > 0 && int.TryParse(identity.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 2 and < int.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"{identity.AsSpan(0, dot)}.{number + 1}")
            : identity + ".2";
    }
}
