using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Operations as requests: the server's way out.</summary>
internal static class RequestEncoder
{
    private const uint ObserveRegister = 0;
    private const uint ObserveDeregister = 1;

    public static CoapMessage Encode(Lwm2mRequest request, in OperationScope scope) => request switch
    {
        Lwm2mRequest.Read r => Get(r.Path, r.Accept ?? FormatChoice.ForRead(r.Path, scope), observe: null, scope),
        Lwm2mRequest.Observe r => Get(r.Path, r.Accept ?? FormatChoice.ForObserve(r.Path, r.Attributes, scope), ObserveRegister, scope, r.Attributes),
        Lwm2mRequest.CancelObserve r => Get(r.Path, r.Accept ?? FormatChoice.ForObserve(r.Path, r.Attributes, scope), ObserveDeregister, scope, r.Attributes),
        Lwm2mRequest.Discover r => Discover(r, scope),
        Lwm2mRequest.Write r => Write(r, scope),
        Lwm2mRequest.WriteAttributes r => WriteAttributes(r, scope),
        Lwm2mRequest.Execute r => Execute(r, scope),
        Lwm2mRequest.Create r => Create(r, scope),
        Lwm2mRequest.Delete { Path.Depth: 3 } r => throw new ArgumentException($"{r.Path} is a resource: only instances are deleted.", nameof(request)),
        Lwm2mRequest.Delete r => Plain(CoapCode.Delete, Within(r.Path, 2, 4), scope),
        Lwm2mRequest.ReadComposite r => CompositeEncoder.Fetch(r.Paths, r.Accept, r.Format, scope),
        Lwm2mRequest.WriteComposite r => CompositeEncoder.Patch(r, scope),
        Lwm2mRequest.ObserveComposite r => CompositeEncoder.Fetch(r.Paths, r.Accept, r.Format, scope, ObserveRegister, r.Attributes),
        Lwm2mRequest.CancelObserveComposite r => CompositeEncoder.Fetch(r.Paths, r.Accept, r.Format, scope, ObserveDeregister, r.Attributes),
        Lwm2mRequest.Send r => SendCodec.Encode(r, scope),
        null => throw new ArgumentNullException(nameof(request)),
        _ => throw new ArgumentException($"{request.GetType().Name} belongs to {nameof(RegistrationCodec)}.", nameof(request)),
    };

    private static CoapMessage Get(Lwm2mPath path, ContentFormat accept, uint? observe, in OperationScope scope, NotificationAttributes? attributes = null)
    {
        var options = new CoapOptionsBuilder();
        if (observe is { } number)
        {
            options.Add(OptionNumber.Observe, number);
        }
        OperationPath.Add(ref options, OptionNumber.UriPath, scope.Root, Within(path, 1, 4));
        ObserveAttributes.Add(ref options, attributes, isComposite: false);
        options.Add(OptionNumber.Accept, accept.Value);
        return new CoapMessage { Code = CoapCode.Get, Options = options.Build() };
    }

    private static CoapMessage Discover(Lwm2mRequest.Discover request, in OperationScope scope)
    {
        var options = new CoapOptionsBuilder();
        OperationPath.Add(ref options, OptionNumber.UriPath, scope.Root, Within(request.Path, 1, 3));
        if (request.Depth is { } depth)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(depth, nameof(request));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, 3, nameof(request));
            options.Add(OptionNumber.UriQuery, $"depth={depth}");
        }
        options.Add(OptionNumber.Accept, ContentFormat.LinkFormat.Value);
        return new CoapMessage { Code = CoapCode.Get, Options = options.Build() };
    }

    private static CoapMessage Write(Lwm2mRequest.Write request, in OperationScope scope)
    {
        var path = Within(request.Path, 2, request.Replace ? 4 : 3);
        var format = request.Format ?? FormatChoice.ForWrite(path, request.Records, scope);
        var codecScope = new CodecScope(path, scope.Catalog, scope.Root, scope.Now);
        return WithRecords(request.Replace ? CoapCode.Put : CoapCode.Post, format, request.Format is null, request.Records, codecScope);
    }

    private static CoapMessage Create(Lwm2mRequest.Create request, in OperationScope scope)
    {
        var path = Within(request.Path, 1, 1);
        // An instance without resources is a record of its own; else the payload would not name the instance.
        IReadOnlyList<Lwm2mRecord> records = request.Records.Count > 0 || request.Instance is not { } instance
            ? request.Records
            : [new Lwm2mRecord(path.Append(instance), Lwm2mValue.Empty)];
        var codecScope = new CodecScope(path, scope.Catalog, scope.Root, scope.Now, OmitInstance: request.Instance is null);
        return WithRecords(CoapCode.Post, request.Format ?? FormatChoice.ForMany(scope), request.Format is null, records, codecScope);
    }

    private static CoapMessage WithRecords(CoapCode code, ContentFormat format, bool mayChange, IReadOnlyList<Lwm2mRecord> records, in CodecScope scope)
    {
        var span = AsSpan(records);
        var codec = OperationFormat.Find(format) ?? throw new ArgumentException($"There is no codec for the format {format}.", nameof(format));
        if (mayChange && !codec.CanEncode(scope, span))
        {
            format = ContentFormat.Tlv;
            codec = OperationFormat.Find(format)!;
        }
        var output = new ArrayBufferWriter<byte>();
        codec.Encode(scope, span, output);
        var options = new CoapOptionsBuilder();
        OperationPath.Add(ref options, OptionNumber.UriPath, scope.Root, scope.BasePath);
        options.Add(OptionNumber.ContentFormat, format.Value);
        return new CoapMessage { Code = code, Options = options.Build(), Payload = output.WrittenMemory };
    }

    private static CoapMessage WriteAttributes(Lwm2mRequest.WriteAttributes request, in OperationScope scope)
    {
        if (request.Attributes.IsEmpty)
        {
            throw new ArgumentException("Write-Attributes needs an attribute.", nameof(request));
        }
        var options = new CoapOptionsBuilder();
        OperationPath.Add(ref options, OptionNumber.UriPath, scope.Root, Within(request.Path, 1, 4));
        AttributeQuery.Add(ref options, request.Attributes);
        return new CoapMessage { Code = CoapCode.Put, Options = options.Build() };
    }

    private static CoapMessage Execute(Lwm2mRequest.Execute request, in OperationScope scope)
    {
        var path = Within(request.Path, 3, 3);
        if (string.IsNullOrEmpty(request.Arguments))
        {
            return Plain(CoapCode.Post, path, scope);
        }
        if (!ExecuteArguments.TryParse(request.Arguments, out _))
        {
            throw new ArgumentException($"'{request.Arguments}' is no list of arguments: digits with or without a quoted value, as in 0='U',1.", nameof(request));
        }
        var options = new CoapOptionsBuilder();
        OperationPath.Add(ref options, OptionNumber.UriPath, scope.Root, path);
        options.Add(OptionNumber.ContentFormat, ContentFormat.Text.Value);
        return new CoapMessage { Code = CoapCode.Post, Options = options.Build(), Payload = Encoding.UTF8.GetBytes(request.Arguments) };
    }

    private static CoapMessage Plain(CoapCode code, Lwm2mPath path, in OperationScope scope)
    {
        var options = new CoapOptionsBuilder();
        OperationPath.Add(ref options, OptionNumber.UriPath, scope.Root, path);
        return new CoapMessage { Code = code, Options = options.Build() };
    }

    private static Lwm2mPath Within(Lwm2mPath path, int least, int most) => path.Depth >= least && path.Depth <= most
        ? path
        : throw new ArgumentException($"The operation takes a path of {(least == most ? $"{least}" : $"{least} to {most}")} numbers, not {path}.", nameof(path));

    public static ReadOnlySpan<Lwm2mRecord> AsSpan(IReadOnlyList<Lwm2mRecord> records) => records switch
    {
        RecordSet set => set.AsSpan(),
        Lwm2mRecord[] array => array,
        List<Lwm2mRecord> list => CollectionsMarshal.AsSpan(list),
        _ => records.ToArray(),
    };
}
