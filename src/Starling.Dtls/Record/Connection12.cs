using System.Buffers;

namespace Starling.Dtls;

/// <summary>
/// DTLS 1.2 of either side: records in and out, and the handshake as long as there is one.
/// <code>
///  _side set: Handshaking, NeedsCredential, NeedsWork ──► _side dropped: Established ──► _ending set: Closed
/// </code>
/// </summary>
internal sealed class Connection12 : DtlsConnection
{
    private readonly DtlsSettings _settings;
    private readonly SessionRecords _records;
    private readonly uint _helloMark;
    private readonly bool _isClient;
    private HandshakeSide? _side;
    private DtlsResumption? _resumption;
    private Ending? _ending;
    private int _dropped;

    private Connection12(DtlsSettings settings, SessionRecords records, uint helloMark, bool isClient) =>
        (_settings, _records, _helloMark, _isClient) = (settings, records, helloMark, isClient);

    private Connection12(DtlsSettings settings, HandshakeSide side, PathId path, uint helloMark)
    {
        (_settings, _side, _helloMark, _isClient) = (settings, side, helloMark, side.Handshake.IsClient);
        _records = new SessionRecords(settings, side.Handshake.Terms, path);
    }

    public override DtlsStatus Status => _ending is not null ? DtlsStatus.Closed
        : _side is null ? DtlsStatus.Established
        : _side.Handshake.Query is not null ? DtlsStatus.NeedsCredential
        : _side.Handshake.Work is not null ? DtlsStatus.NeedsWork
        : DtlsStatus.Handshaking;

    public override DtlsProgress Progress => Terms.Describe(_ending?.Step ?? _side?.Handshake.Step ?? "established") with
    {
        Failure = _ending?.Failure,
        AlertSent = _ending?.Sent,
        AlertReceived = _ending?.Received,
        Resends = _side?.Carrier.Resends ?? 0,
        Dropped = _dropped,
    };

    public override long Deadline => _side?.Deadline ?? _records.Deadline;

    public override ReadOnlySpan<byte> ConnectionId => Terms.OwnConnectionId;

    public override PathId Path => _records.Path;

    public override int MaxPlaintext => Terms.MaxPlaintextOut;

    public override int Overhead => _records.Write?.Overhead ?? 0;

    public override DtlsQuery? Query => _side?.Handshake.Query;

    public override ulong NextSequence => _records.Write?.Sequence ?? 0;

    /// <summary>The protected records, under what is decided here.</summary>
    public SessionRecords Records => _records;

    private HandshakeTerms Terms => _records.Terms;

    /// <summary>A server's side of a handshake whose hello carried a good cookie.</summary>
    public static Connection12 Accept(DtlsSettings settings, ServerSide server, in FirstHello hello, PathId path, long now)
    {
        var carrier = new FlightCarrier(settings, hello.Message, hello.Record, now);
        var side = new HandshakeSide(Handshake.OfServer(settings, server.Own, carrier, new SessionMemory(server.Cache, now)), carrier);
        return new Connection12(settings, side, path, hello.Mark);
    }

    /// <summary>A client's side: the first hello goes out.</summary>
    public static Connection12 Begin(DtlsSettings settings, DtlsTarget target, PathId path, long now, IDtlsOutput output)
    {
        var carrier = new FlightCarrier(settings, 0, 0, now);
        var side = new HandshakeSide(Handshake.OfClient(settings, target, carrier), carrier);
        var connection = new Connection12(settings, side, path, 0);
        connection.Go(now, output);
        return connection;
    }

    /// <summary>A session that was exported; null when the bytes are none.</summary>
    public static Connection12? Restore(ReadOnlySpan<byte> bytes, DtlsSettings settings, ulong firstSequence, PathId path)
    {
        if (!SessionImage.TryRead(bytes, out var image) || !image.Terms.IsAllowedBy(settings))
        {
            return null;
        }
        var terms = image.Terms;
        var cipher = SuiteTable.CipherOf(terms.Suite, terms.EncryptThenMac);
        var records = new SessionRecords(settings, terms, path);
        records.Establish(
            new ReadEpoch(cipher, image.Read, terms.OwnConnectionId ?? [], ReplayWindow.ClosedAt(image.Newest)),
            new WriteEpoch(cipher, image.Write, terms.PeerConnectionId ?? [], Math.Max(firstSequence, image.Next)));
        return new Connection12(settings, records, image.Mark, image.IsClient);
    }

    public override int Receive(Span<byte> rest, PathId path, long now, IDtlsOutput output, out DtlsReceived received)
    {
        received = default;
        if (_ending is not null || !RecordHeader.TryRead(rest, ConnectionId.Length, out var header))
        {
            _dropped++;
            return rest.Length;   // where the next record begins is not known
        }
        var record = rest[..(header.Length + header.Fragment)];
        received = header.Epoch == 0
            ? new DtlsReceived(0, 0, ReceivePlain(header, record[header.Length..], path, now, output))
            : ReceiveProtected(header, record, path, now, output);
        return record.Length;
    }

    public override void Provide(DtlsAnswer answer, long now, IDtlsOutput output)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _side?.Handshake.Provide(answer);
        Go(now, output);
    }

    public override DtlsWork? TakeWork()
    {
        if (_side is null || _side.IsWorkTaken)
        {
            return null;
        }
        _side.IsWorkTaken = _side.Handshake.Work is not null;
        return _side.Handshake.Work;
    }

    public override void Complete(DtlsWork work, long now, IDtlsOutput output)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_side is not null && ReferenceEquals(work, _side.Handshake.Work))
        {
            _side.IsWorkTaken = false;
            _side.Handshake.Complete(work);
            Go(now, output);
        }
        work.Dispose();
    }

    public override SendResult Send(ReadOnlySpan<byte> plaintext, IDtlsOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_ending is not null || _records.Write is null)
        {
            return SendResult.NotEstablished;
        }
        if (plaintext.Length > MaxPlaintext)
        {
            return SendResult.TooLarge;
        }
        return _records.Emit(ContentType.ApplicationData, plaintext, output);
    }

    public override void Expire(long now, IDtlsOutput output)
    {
        if (_side is null)
        {
            _records.Expire(now, output);
            return;
        }
        if (now < Deadline)
        {
            return;
        }
        using var packer = PackerFor(output);
        if (!_side.Carrier.TryResend(packer, now))
        {
            var step = _side.Handshake.Step;
            End(new Ending(step, $"No answer after {_side.Carrier.Resends} resends while {step}.", null, null));
        }
    }

    public override void Close(IDtlsOutput output)
    {
        if (_ending is not null)
        {
            return;
        }
        var alert = _side is null ? DtlsAlert.CloseNotify : DtlsAlert.UserCanceled;
        SendAlert(alert, output);
        End(new Ending(Progress.Step, null, alert, null));
    }

    public override DtlsResumption? TakeResumption()
    {
        var taken = _resumption;
        _resumption = null;
        return taken;
    }

    public override bool TryExport(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (Status != DtlsStatus.Established)
        {
            return false;
        }
        SessionImage.Write(output, _records, _helloMark, _isClient);
        return true;
    }

    protected override void Dispose(bool disposing) => End(_ending ?? new Ending(Progress.Step, null, null, null));

    private DtlsChanges ReceivePlain(in RecordHeader header, ReadOnlySpan<byte> fragment, PathId path, long now, IDtlsOutput output)
    {
        if (!_isClient && header.Type == ContentType.Handshake && FirstHello.IsAnother(fragment, _helloMark))
        {
            return DtlsChanges.AnotherHello;
        }
        if (_side is null || path != _records.Path)
        {
            _dropped++;
            return DtlsChanges.None;   // nobody has proven anything in the clear: an established session does not listen
        }
        switch (header.Type)
        {
            case ContentType.ChangeCipherSpec when fragment is [1]:
                _side.Carrier.HasPeerChanged = true;
                return Go(now, output);
            case ContentType.Alert:
                return TakeAlert(fragment, output);
            case ContentType.Handshake:
                return TakeFragments(fragment, isProtected: false, now, output);
            default:
                return DtlsChanges.None;
        }
    }

    private DtlsReceived ReceiveProtected(in RecordHeader header, Span<byte> record, PathId path, long now, IDtlsOutput output)
    {
        var read = _records.Read ?? _side?.Read;
        // A record with another connection id is of another session, perhaps of the one before at this address: it is no sign of a wrong key.
        // The cookie has proven one address: a handshake goes on there or not at all.
        if ((_side is not null && path != _records.Path) || !header.IsFor(ConnectionId, record) || read?.IsCandidate(header) == false)
        {
            _dropped++;
            return default;
        }
        if (read is null)
        {
            HoldBack(header, record, path);
            return default;
        }
        if (!read.TryOpen(header, record, out var opened))
        {
            _dropped++;
            return new DtlsReceived(0, 0, TakeUnreadable(header, now, output));
        }
        var moved = _records.Arrive(opened, record.Length, path, now, output);
        if (opened.Type == ContentType.ApplicationData && _side is null && opened.Length <= Terms.MaxPlaintextIn)
        {
            _records.ForgetLastFlight();
            return new DtlsReceived(opened.Offset, opened.Length, moved | DtlsChanges.Application);
        }
        return new DtlsReceived(0, 0, moved | TakeControl(opened.Type, record.Slice(opened.Offset, opened.Length), path, now, output));
    }

    private DtlsChanges TakeControl(ContentType type, ReadOnlySpan<byte> content, PathId path, long now, IDtlsOutput output)
    {
        switch (type)
        {
            case ContentType.Alert:
                return TakeAlert(content, output);
            case ContentType.Handshake when _side is not null:
                return TakeFragments(content, isProtected: true, now, output);
            case ContentType.Handshake:
                _records.TakeLateHandshake(content, output);
                return DtlsChanges.None;
            case ContentType.ReturnRoutability when _side is null:
                return _records.TakeRoutability(content, path, output);
            default:
                return DtlsChanges.None;
        }
    }

    // The peer's first protected record may come before what its keys are made of has been worked on.
    private void HoldBack(in RecordHeader header, ReadOnlySpan<byte> record, PathId path)
    {
        if (_side is not null && header.Epoch == WriteEpoch.Number && header.Type is ContentType.Handshake or ContentType.ConnectionId)
        {
            _dropped += _side.Held.TryKeep(record, path) ? 0 : 1;
        }
    }

    // A Finished that cannot be read says that the peer has another key. Telling it at once costs nothing: whoever can inject this record can end the
    // handshake with a plain one as well (decision 0127).
    private DtlsChanges TakeUnreadable(in RecordHeader header, long now, IDtlsOutput output)
    {
        if (_side is null || header.Type is not (ContentType.Handshake or ContentType.ConnectionId))
        {
            return DtlsChanges.None;
        }
        _side.Handshake.Abort(DtlsAlert.DecryptError, "The Finished could not be read: the keys differ. Unknown identity or wrong key.");
        return Go(now, output);
    }

    private DtlsChanges TakeFragments(ReadOnlySpan<byte> content, bool isProtected, long now, IDtlsOutput output)
    {
        var isRepeated = false;
        while (_side is { Handshake: { Failure: null, IsDone: false } } && !content.IsEmpty && HandshakeFragment.TryTake(ref content, out var fragment))
        {
            isRepeated |= _side.Take(fragment, isProtected);
            _side.DeliverKept();
        }
        if (isRepeated && _side is { Carrier.IsPending: false } side)
        {
            using var packer = PackerFor(output);
            side.Carrier.Reply(packer, now);
        }
        return Go(now, output);
    }

    // Does what the handshake has come to: sends its flight, reads what was held back, ends.
    private DtlsChanges Go(long now, IDtlsOutput output)
    {
        var changes = DtlsChanges.None;
        while (_side is { } side)
        {
            side.DeliverKept();
            if (side.Carrier.IsPending)
            {
                using var packer = PackerFor(output);
                side.Carrier.Transmit(packer, now);
            }
            if (side.Handshake.Failure is { } failure)
            {
                SendAlert(failure.Alert, output);
                End(new Ending(failure.Step, failure.Why, failure.Alert, null));
                return changes | DtlsChanges.Closed;
            }
            if (side.Handshake.IsDone)
            {
                Establish(side);
                return changes | DtlsChanges.Established;
            }
            if (side.Handshake.IsOurTurn || side.Read is null || !side.Held.TryTake(out var held) || !RecordHeader.TryRead(held.Record, ConnectionId.Length, out var header))
            {
                return changes;
            }
            changes |= ReceiveProtected(header, held.Record, held.Path, now, output).Changes;
        }
        return changes;
    }

    private void Establish(HandshakeSide side)
    {
        _records.Establish(side.Carrier);
        _resumption = side.Handshake.Resumption;
        Terms.SessionId = [];   // whoever takes it up again has it
        _side = null;
        side.Dispose();
    }

    private DtlsChanges TakeAlert(ReadOnlySpan<byte> content, IDtlsOutput output)
    {
        if (content.Length != 2 || (content[0] != AlertLevel.Fatal && content[1] != DtlsAlert.CloseNotify.Code))
        {
            return DtlsChanges.None;
        }
        var alert = new DtlsAlert(content[1]);
        var isOrderly = _side is null && alert == DtlsAlert.CloseNotify;
        if (isOrderly)
        {
            SendAlert(DtlsAlert.CloseNotify, output);   // RFC 5246 §7.2.1
        }
        End(new Ending(Progress.Step, isOrderly ? null : $"The peer ended it: {alert}.", isOrderly ? DtlsAlert.CloseNotify : null, alert));
        return DtlsChanges.Closed;
    }

    private void SendAlert(DtlsAlert alert, IDtlsOutput output)
    {
        var level = alert == DtlsAlert.CloseNotify ? AlertLevel.Warning : AlertLevel.Fatal;
        if (_side is null)
        {
            _records.Emit(ContentType.Alert, [level, alert.Code], output);
            return;
        }
        using var packer = PackerFor(output);
        packer.Write(_side.Carrier.IsWriteProtected, ContentType.Alert, [level, alert.Code]);
        packer.Flush();
    }

    private RecordPacker PackerFor(IDtlsOutput output) =>
        new(_settings, _side!.Carrier.Plain, _side.Carrier.Write, MaxPlaintext) { Output = output, Path = _records.Path };

    private void End(Ending ending)
    {
        _ending = ending;
        _side?.Dispose();
        _records.Dispose();
        _resumption?.Dispose();
        (_side, _resumption) = (null, null);
    }
}
