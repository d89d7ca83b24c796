namespace Starling.Dtls;

/// <summary>What ends a flight of either side: ChangeCipherSpec and Finished (RFC 5246 §7.3).</summary>
internal static class FinishedFlight
{
    /// <summary>Makes the record keys known.</summary>
    public static void InstallKeys(Handshake handshake)
    {
        var log = handshake.Settings.KeyLog;
        log?.Invoke($"CLIENT_RANDOM {Convert.ToHexStringLower(handshake.Secrets.ClientRandom)} {Convert.ToHexStringLower(handshake.Secrets.Master)}");
        var cipher = SuiteTable.CipherOf(handshake.Terms.Suite, handshake.Terms.EncryptThenMac);
        handshake.Carrier.InstallKeys(handshake.Secrets.Keys(cipher, handshake.IsClient), handshake.Terms);
    }

    /// <summary>Sends ours when the peer's is still to come.</summary>
    public static HandshakeState SendFirst(Handshake handshake)
    {
        InstallKeys(handshake);
        Send(handshake, isLast: false);
        return new AwaitFinished(answers: false);
    }

    /// <summary>Sends ours and ends the flight.</summary>
    public static void Send(Handshake handshake, bool isLast)
    {
        handshake.Carrier.ChangeCipherSpec();
        Finished.Send(handshake);
        handshake.Carrier.EndFlight(isLast);
    }
}

/// <summary>The peer's Finished is to come; then ours, when it has not gone.</summary>
/// <param name="answers">Whether ours follows it.</param>
internal sealed class AwaitFinished(bool answers) : HandshakeState
{
    public override string Step => "waiting for Finished";

    public override HandshakeState Receive(Handshake handshake, in HandshakeMessage message)
    {
        if (message.Type != HandshakeType.Finished)
        {
            return base.Receive(handshake, message);
        }
        if (!Finished.IsGood(handshake, message))
        {
            return handshake.Fail(DtlsAlert.DecryptError, "The Finished does not fit: the keys or what was said before differ.");
        }
        if (answers)
        {
            FinishedFlight.Send(handshake, isLast: true);
        }
        return handshake.Succeed();
    }
}
