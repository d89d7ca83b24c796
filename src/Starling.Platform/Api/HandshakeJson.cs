using System.Text.Json.Nodes;
using Starling.Dtls;

namespace Starling.Platform;

/// <summary>A handshake as the API shows it.</summary>
internal static class HandshakeJson
{
    public static JsonObject Write(HandshakeEntry entry)
    {
        var report = entry.Report;
        return new JsonObject
        {
            ["number"] = entry.Number,
            ["at"] = Rfc3339.Write(report.At),
            ["milliseconds"] = (long)report.Duration.TotalMilliseconds,
            ["endpoint"] = entry.Endpoint,
            ["address"] = report.Address.Text,
            ["established"] = report.IsEstablished,
            ["version"] = report.Version,
            ["cipherSuite"] = report.CipherSuite,
            ["claimed"] = report.Claimed,
            ["security"] = report.Identity is { } identity ? IdentityJson.Write(identity) : null,
            ["step"] = report.Step,
            ["problem"] = report.Problem,
            ["alert"] = report.Alert,
            ["alertMeaning"] = MeaningOf(entry),
            ["alertBy"] = report.Alert is null ? null : report.AlertIsOurs ? "server" : "device",
            ["extendedMasterSecret"] = report.HasExtendedMasterSecret,
            ["connectionId"] = report.HasConnectionId,
            ["resumed"] = report.IsResumed,
        };
    }

    /// <summary>The alert in a sentence; empty without one, or where the problem has its words already.</summary>
    public static string AlertOf(HandshakeEntry entry) => entry.Report is { Alert: { } code } report && report.Problem?.Contains(MeaningOf(entry)!, StringComparison.Ordinal) != true
        ? $"Alert {code} of {(report.AlertIsOurs ? "this server" : "the device")}: {MeaningOf(entry)}."
        : "";

    /// <summary>What its alert means; null without one.</summary>
    public static string? MeaningOf(HandshakeEntry entry) => entry.Report.Alert is { } code ? new DtlsAlert(code).ToString() : null;
}
