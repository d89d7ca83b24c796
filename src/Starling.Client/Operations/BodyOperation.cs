using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>A Write that comes by blocks to a resource that takes them as they come (<see cref="Resource.WriteBody"/>).</summary>
internal static class BodyOperation
{
    /// <summary>What takes the body; null for a Write of any other kind, which is assembled and then handled as all others.</summary>
    public static ResourceBody? Open(in ServerView view, CoapMessage firstBlock) =>
        firstBlock.Code == CoapCode.Put && firstBlock.Options.ContentFormat == ContentFormat.OctetStream
        && Lwm2mPath.TryParse(firstBlock.Options.UriPath, out var path) && path.Depth == 3
        && Target.TryFind(view, path, AccessRights.Write, out var target, out _) && target.Entry is { CanWrite: true, Resource: BodyResource resource }
            ? resource.Open()
            : null;
}
