using System.Text.Json.Nodes;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>A queued operation as the API shows it.</summary>
internal static class OperationJson
{
    /// <summary>The address of an operation.</summary>
    public static string AddressOf(QueuedOperation operation) => $"/api/v1/operations/{operation.Id}";

    /// <summary>The operation, with the device's answer once there is one.</summary>
    public static JsonObject Write(QueuedOperation operation, CatalogView catalog)
    {
        var (name, path) = Describe(operation.Request);
        var body = new JsonObject
        {
            ["id"] = operation.Id,
            ["endpoint"] = operation.Device.Endpoint,
            ["operation"] = name,
            ["path"] = path,
            ["state"] = StateOf(operation),
            ["queuedAt"] = Rfc3339.Write(operation.QueuedAt),
            ["expiresAt"] = Rfc3339.Write(operation.ExpiresAt),
            ["endedAt"] = operation.EndedAt is { } end ? Rfc3339.Write(end) : null,
            ["attempts"] = operation.Attempts,
            ["reason"] = operation.Reason.Length > 0 ? operation.Reason : null,
            ["status"] = operation.Answer?.Code.ToString(),
        };
        if (operation.Answer is { Records.Count: > 0 } answer)
        {
            body["values"] = RecordJson.Write(answer.Records, catalog);
        }
        return body;
    }

    /// <summary>The state as a word: <c>waiting</c>, <c>sending</c>, <c>answered</c> …</summary>
    public static string StateOf(QueuedOperation operation) => operation.State.ToString().ToLowerInvariant();

    /// <summary>What is asked, and of what.</summary>
    public static (string Name, string Path) Describe(Lwm2mRequest request) => request switch
    {
        Lwm2mRequest.Read r => ("read", r.Path.ToString()),
        Lwm2mRequest.Discover r => ("discover", r.Path.ToString()),
        Lwm2mRequest.Write r => ("write", r.Path.ToString()),
        Lwm2mRequest.WriteAttributes r => ("attributes", r.Path.ToString()),
        Lwm2mRequest.Execute r => ("execute", r.Path.ToString()),
        Lwm2mRequest.Create r => ("create", r.Path.ToString()),
        Lwm2mRequest.Delete r => ("delete", r.Path.ToString()),
        Lwm2mRequest.ReadComposite r => ("read", string.Join(' ', r.Paths)),
        Lwm2mRequest.WriteComposite r => ("write", string.Join(' ', r.Records.Select(v => v.Path))),
        _ => ("", ""),
    };
}
