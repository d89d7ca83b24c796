using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Crypto;

/// <summary>The distinguished names that people write.</summary>
public static class SubjectName
{
    /// <summary>Brings a name into the form in which <see cref="CertificateChain.Subject"/> has it (RFC 4514): <c>CN=dev-1, O=Acme</c> becomes <c>CN=dev-1,O=Acme</c>.</summary>
    /// <param name="text">The name, its most specific part first.</param>
    /// <param name="name">The name in that form.</param>
    /// <returns>False: it is none.</returns>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? name)
    {
        ArgumentNullException.ThrowIfNull(text);
        name = null;
        try
        {
            name = CertificateNames.Write(new X500DistinguishedName(text));
        }
        catch (CryptographicException)
        {
            return false;
        }
        return name.Length > 0;
    }
}
