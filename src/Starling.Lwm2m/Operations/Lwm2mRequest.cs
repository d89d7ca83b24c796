using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>An operation of LwM2M, on whichever side. Closed: these are all there are.</summary>
public abstract record Lwm2mRequest
{
    private Lwm2mRequest() { }

    /// <summary>Register (LwM2M Core 1.2 §6.2.1).</summary>
    /// <param name="Endpoint">The endpoint client name; null when the security identity stands for it.</param>
    /// <param name="Lifetime">In seconds; 0 is infinite. Null when the device told none.</param>
    /// <param name="Version">The enabler version.</param>
    /// <param name="Binding">The letters of the binding; null when none was told.</param>
    /// <param name="QueueMode">Whether the device sleeps.</param>
    /// <param name="SmsNumber">The MSISDN or external identifier; null for none.</param>
    /// <param name="Links">Objects and instances; <see cref="LinkList.None"/> when profile ids stand for them.</param>
    /// <param name="ProfileIds">Profile ids that stand for lists of objects and instances, each once (1.2); null for none.</param>
    public sealed record Register(
        string? Endpoint,
        long? Lifetime,
        Lwm2mVersion Version,
        string? Binding,
        bool QueueMode,
        string? SmsNumber,
        LinkList Links,
        IReadOnlyList<string>? ProfileIds = null) : Lwm2mRequest;

    /// <summary>Update (§6.2.2): what is null has not changed.</summary>
    /// <param name="Location">The registration's location, as <c>rd/abc</c>.</param>
    /// <param name="Lifetime">In seconds.</param>
    /// <param name="Binding">The letters of the binding.</param>
    /// <param name="QueueMode">Whether the device sleeps.</param>
    /// <param name="SmsNumber">The MSISDN or external identifier.</param>
    /// <param name="Links">The complete list of objects and instances.</param>
    /// <param name="ProfileIds">Profile ids that stand for lists of objects and instances (1.2).</param>
    public sealed record Update(
        string Location,
        long? Lifetime = null,
        string? Binding = null,
        bool? QueueMode = null,
        string? SmsNumber = null,
        LinkList? Links = null,
        IReadOnlyList<string>? ProfileIds = null) : Lwm2mRequest;

    /// <summary>De-register (§6.2.3).</summary>
    /// <param name="Location">The registration's location.</param>
    public sealed record Deregister(string Location) : Lwm2mRequest;

    /// <summary>Read (§6.3.1): object, instance, resource or resource instance.</summary>
    /// <param name="Path">What to read.</param>
    /// <param name="Accept">The format that is asked for; null leaves it to the device.</param>
    public sealed record Read(Lwm2mPath Path, ContentFormat? Accept = null) : Lwm2mRequest;

    /// <summary>Discover (§6.3.2).</summary>
    /// <param name="Path">Object, instance or resource.</param>
    /// <param name="Depth">How many levels below it are told, 0 to 3 (1.2); null leaves it to what the standard says for each level.</param>
    public sealed record Discover(Lwm2mPath Path, int? Depth = null) : Lwm2mRequest;

    /// <summary>Write (§6.3.3): replaces, or updates in part.</summary>
    /// <param name="Path">Instance, resource or resource instance.</param>
    /// <param name="Records">The values, with absolute paths.</param>
    /// <param name="Replace">Whether what is not named goes.</param>
    /// <param name="Format">The format of the payload; null to choose by peer and path.</param>
    public sealed record Write(Lwm2mPath Path, IReadOnlyList<Lwm2mRecord> Records, bool Replace = true, ContentFormat? Format = null) : Lwm2mRequest;

    /// <summary>Write-Attributes (§6.3.4).</summary>
    /// <param name="Path">Object, instance, resource or resource instance.</param>
    /// <param name="Attributes">What to set and to unset.</param>
    public sealed record WriteAttributes(Lwm2mPath Path, NotificationAttributes Attributes) : Lwm2mRequest;

    /// <summary>Execute (§6.3.5).</summary>
    /// <param name="Path">A resource.</param>
    /// <param name="Arguments">The arguments as written, <c>0='U',1</c>; null for none.</param>
    public sealed record Execute(Lwm2mPath Path, string? Arguments = null) : Lwm2mRequest;

    /// <summary>Create (§6.3.6).</summary>
    /// <param name="Path">An object.</param>
    /// <param name="Instance">The new instance's number; null leaves it to the device.</param>
    /// <param name="Records">The values, with absolute paths below <c>/object/instance</c>; without an instance, below instance 0 as a stand-in.</param>
    /// <param name="Format">The format of the payload; null to choose by peer.</param>
    public sealed record Create(Lwm2mPath Path, int? Instance, IReadOnlyList<Lwm2mRecord> Records, ContentFormat? Format = null) : Lwm2mRequest;

    /// <summary>Delete (§6.3.7): an instance or, since 1.1, a resource instance.</summary>
    /// <param name="Path">What to delete.</param>
    public sealed record Delete(Lwm2mPath Path) : Lwm2mRequest;

    /// <summary>Read-Composite (§6.3.8): of any paths at once what there is and can be read (1.1).</summary>
    /// <param name="Paths">What to read; <c>/</c> is everything.</param>
    /// <param name="Accept">The format that is asked for; null to choose by peer.</param>
    /// <param name="Format">The format of the list of paths; null to choose by peer.</param>
    public sealed record ReadComposite(IReadOnlyList<Lwm2mPath> Paths, ContentFormat? Accept = null, ContentFormat? Format = null) : Lwm2mRequest;

    /// <summary>Write-Composite (§6.3.9): all of the values or none of them (1.1).</summary>
    /// <param name="Records">Resources and resource instances, each once; <see cref="Lwm2mValue.Null"/> deletes a resource instance (1.2).</param>
    /// <param name="Format">The format of the payload; null to choose by peer.</param>
    public sealed record WriteComposite(IReadOnlyList<Lwm2mRecord> Records, ContentFormat? Format = null) : Lwm2mRequest;

    /// <summary>Observe (§6.4.1).</summary>
    /// <param name="Path">Object, instance, resource or resource instance.</param>
    /// <param name="Accept">The format that is asked for; null leaves it to the device.</param>
    /// <param name="Attributes">Attributes for this observation alone, in the stead of those that are attached (1.2); null for none.</param>
    public sealed record Observe(Lwm2mPath Path, ContentFormat? Accept = null, NotificationAttributes? Attributes = null) : Lwm2mRequest;

    /// <summary>Cancel Observation (§6.4.2).</summary>
    /// <param name="Path">What was observed.</param>
    /// <param name="Accept">The format that was asked for.</param>
    /// <param name="Attributes">The attributes that were told: the options of the two requests are the same (RFC 7641 §3.6).</param>
    public sealed record CancelObserve(Lwm2mPath Path, ContentFormat? Accept = null, NotificationAttributes? Attributes = null) : Lwm2mRequest;

    /// <summary>Observe-Composite (§6.4.4): one notification for all paths (1.1).</summary>
    /// <param name="Paths">What to observe; <c>/</c> is everything.</param>
    /// <param name="Accept">The format that is asked for; null to choose by peer.</param>
    /// <param name="Format">The format of the list of paths; null to choose by peer.</param>
    /// <param name="Attributes">Attributes for this observation alone (1.2): only <see cref="AttributeNames.Composite"/>. Null for none.</param>
    public sealed record ObserveComposite(
        IReadOnlyList<Lwm2mPath> Paths, ContentFormat? Accept = null, ContentFormat? Format = null, NotificationAttributes? Attributes = null) : Lwm2mRequest;

    /// <summary>Cancel Observation-Composite (§6.4.5): options and body as they were told, save Observe.</summary>
    /// <param name="Paths">The paths in the order in which they were told.</param>
    /// <param name="Accept">The format that was asked for.</param>
    /// <param name="Format">The format in which the paths were told.</param>
    /// <param name="Attributes">The attributes that were told.</param>
    public sealed record CancelObserveComposite(
        IReadOnlyList<Lwm2mPath> Paths, ContentFormat? Accept = null, ContentFormat? Format = null, NotificationAttributes? Attributes = null) : Lwm2mRequest;

    /// <summary>Send (§6.4.6): what the device tells without being asked (1.1).</summary>
    /// <param name="Records">Resources and resource instances; with times a path may come more than once.</param>
    /// <param name="Format">The format of the payload; null to choose by version.</param>
    public sealed record Send(IReadOnlyList<Lwm2mRecord> Records, ContentFormat? Format = null) : Lwm2mRequest;
}
