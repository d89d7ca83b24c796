using System.Text.Json;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>The body of a Create: <c>{"instance"?,"values"}</c>.</summary>
internal static class CreateBody
{
    /// <summary>Reads it. Without an instance the device chooses one; the values' paths then count from it, as in <c>"5700"</c>.</summary>
    public static bool TryRead(JsonBody body, Lwm2mPath target, CatalogView catalog, out Lwm2mRequest.Create create, out ApiProblem? problem)
    {
        create = null!;
        int? instance = null;
        if (body.TryGet("instance", out var given))
        {
            if (given.ValueKind != JsonValueKind.Number || !given.TryGetInt32(out var id) || id is < 0 or > Lwm2mPath.MaxId)
            {
                problem = ApiProblem.BadField("instance", $"\"instance\" must be a number of 0 to {Lwm2mPath.MaxId}.");
                return false;
            }
            instance = id;
        }
        var records = new List<Lwm2mRecord>();
        problem = null;
        if (body.TryGet("values", out var values) && !ValuesBody.TryReadList(values, target.Append(instance ?? 0), catalog, records, out problem))
        {
            return false;
        }
        create = new Lwm2mRequest.Create(target, instance, records);
        return true;
    }
}
