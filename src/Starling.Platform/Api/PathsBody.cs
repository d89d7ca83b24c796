using System.Text.Json;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>The paths of a body: <c>{"paths":["/3303/0/5700"]}</c>.</summary>
internal static class PathsBody
{
    private const int MaxPaths = 100;

    public static bool TryRead(JsonBody body, bool isRootAllowed, List<Lwm2mPath> paths, out ApiProblem? problem)
    {
        problem = ApiProblem.BadField("paths", $"\"paths\" must be a list of 1 to {MaxPaths} paths, as in [\"/3303/0/5700\"].");
        if (!body.TryGet("paths", out var given) || given.ValueKind != JsonValueKind.Array || given.GetArrayLength() is < 1 or > MaxPaths)
        {
            return false;
        }
        foreach (var item in given.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !Lwm2mPath.TryParse(item.GetString(), null, out var path) || (path.IsRoot && !isRootAllowed))
            {
                problem = ApiProblem.BadField($"paths[{paths.Count}]", $"{item} is no path of an object, an instance, a resource or a resource instance.");
                return false;
            }
            paths.Add(path);
        }
        problem = null;
        return true;
    }
}
