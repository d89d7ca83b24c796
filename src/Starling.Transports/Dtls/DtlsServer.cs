using Starling.Coap;
using Starling.Dtls;

namespace Starling.Transports;

/// <summary>What a <see cref="DtlsChannel"/> needs to take sessions.</summary>
/// <param name="Keys">Our own keys, and which sorts of credentials are taken.</param>
/// <param name="Credentials">Who may come in.</param>
public sealed record DtlsServer(DtlsOwnKeys Keys, IPeerCredentials Credentials)
{
    /// <summary>Keeps sessions beyond the process; null: they end with it.</summary>
    public ISessionStore? Store { get; init; }

    /// <summary>Sessions that clients may take up again; null: every session is a whole handshake.</summary>
    public DtlsSessionCache? Resumable { get; init; }
}
