using System.Globalization;
using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Register, Update and De-register as requests: the client's way out.</summary>
internal static class RegistrationEncoder
{
    public static CoapMessage Encode(Lwm2mRequest request) => request switch
    {
        Lwm2mRequest.Register r => Register(r),
        Lwm2mRequest.Update r => Update(r),
        Lwm2mRequest.Deregister r => Deregister(r),
        null => throw new ArgumentNullException(nameof(request)),
        _ => throw new ArgumentException($"{request.GetType().Name} belongs to {nameof(OperationCodec)}.", nameof(request)),
    };

    private static CoapMessage Register(Lwm2mRequest.Register request)
    {
        var options = Start("rd", request.Links);
        AddQuery(ref options, "ep", request.Endpoint);
        AddQuery(ref options, "lt", request.Lifetime);
        AddQuery(ref options, "lwm2m", request.Version.ToString());
        if (request.Version < Lwm2mVersion.V11)
        {
            AddQuery(ref options, "b", OldBinding(request.Binding, request.QueueMode));
        }
        else
        {
            AddBinding(ref options, request.Binding, request.QueueMode);
        }
        AddQuery(ref options, "sms", request.SmsNumber);
        AddProfiles(ref options, request.ProfileIds);
        return Post(options, request.Links);
    }

    private static CoapMessage Update(Lwm2mRequest.Update request)
    {
        var options = Start(request.Location, request.Links);
        AddQuery(ref options, "lt", request.Lifetime);
        AddBinding(ref options, request.Binding, request.QueueMode ?? false);
        AddQuery(ref options, "sms", request.SmsNumber);
        AddProfiles(ref options, request.ProfileIds);
        return Post(options, request.Links);
    }

    private static CoapMessage Deregister(Lwm2mRequest.Deregister request)
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, request.Location);
        return new CoapMessage { Code = CoapCode.Delete, Options = options.Build() };
    }

    private static CoapOptionsBuilder Start(string location, LinkList? links)
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, location);
        if (links is { Text.Length: > 0 })
        {
            options.Add(OptionNumber.ContentFormat, ContentFormat.LinkFormat.Value);
        }
        return options;
    }

    private static CoapMessage Post(CoapOptionsBuilder options, LinkList? links) => new()
    {
        Code = CoapCode.Post,
        Options = options.Build(),
        Payload = links is { Text.Length: > 0 } ? Encoding.UTF8.GetBytes(links.Text) : default,
    };

    private static void AddBinding(ref CoapOptionsBuilder options, string? binding, bool queueMode)
    {
        AddQuery(ref options, "b", binding);
        if (queueMode)
        {
            options.Add(OptionNumber.UriQuery, "Q"u8);
        }
    }

    /// <summary>1.0 knew U, UQ, S, SQ, US and UQS: Q follows the first letter.</summary>
    private static string? OldBinding(string? binding, bool queueMode) =>
        !queueMode ? binding : binding is { Length: > 0 } ? $"{binding[0]}Q{binding[1..]}" : "UQ";

    private static void AddProfiles(ref CoapOptionsBuilder options, IReadOnlyList<string>? ids)
    {
        if (ids is { Count: > 0 })
        {
            AddQuery(ref options, "pid", ProfileIds.Write(ids));
        }
    }

    private static void AddQuery(ref CoapOptionsBuilder options, string name, long? value) =>
        AddQuery(ref options, name, value?.ToString(CultureInfo.InvariantCulture));

    private static void AddQuery(ref CoapOptionsBuilder options, string name, string? value)
    {
        if (value is not null)
        {
            options.Add(OptionNumber.UriQuery, $"{name}={value}");
        }
    }
}
