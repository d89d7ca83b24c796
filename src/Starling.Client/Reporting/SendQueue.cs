using System.Net.Sockets;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// What one server is told without being asked (LwM2M Core 1.2 §6.4.6): one after the other, and only while it is registered with.
/// What has to wait gets the time at which it was taken.
/// </summary>
internal sealed class SendQueue(ClientContext context, CatalogTracker catalog, RegistrationLoop server)
{
    private Task _last = Task.CompletedTask;   // whoever comes waits for the one before
    private volatile TaskCompletionSource _online = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;
    private int _refused;

    /// <summary>How many were not taken because too many waited.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>The registration stands or not; with the last one what waits ends.</summary>
    public void OnStatus(RegistrationStatus status)
    {
        if (status.IsRegistered || status.State == RegistrationState.Deregistered)
        {
            _online.TrySetResult();
        }
        else if (_online.Task.IsCompleted)
        {
            _online = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Sends what there is to read of some paths.</summary>
    public Task<SendResult> SendAsync(Lwm2mPath[] paths, CancellationToken cancel)
    {
        var parts = Array.ConvertAll(paths, p => ReadOperation.AnswerPart(server.View, p));
        var records = new List<Lwm2mRecord>();
        for (var i = 0; i < paths.Length; i++)
        {
            // What cannot be read is left out by its name.
            records.AddRange(parts[i].Code.IsSuccess ? parts[i].Records.Where(r => r.Value.Kind != ValueKind.Empty) : [new Lwm2mRecord(paths[i], Lwm2mValue.None)]);
        }
        return SendAsync([.. records.DistinctBy(r => r.Path)], format: null, cancel);
    }

    /// <summary>Sends what of the records the server may have.</summary>
    public async Task<SendResult> SendAsync(IReadOnlyList<Lwm2mRecord> records, ContentFormat? format, CancellationToken cancel)
    {
        if (server.Server.MuteSend)
        {
            return Result(SendOutcome.Muted);
        }
        var allowed = records.Where(IsAllowed).ToArray();
        var leftOut = records.Where(r => !IsAllowed(r)).Select(r => r.Path).Distinct().ToArray();
        if (allowed.Length == 0)
        {
            return Result(SendOutcome.Nothing) with { LeftOut = leftOut };
        }
        try
        {
            var waiting = Interlocked.Increment(ref _waiting);
            if (waiting > context.Settings.SendQueue)
            {
                Interlocked.Increment(ref _refused);
                return Result(SendOutcome.QueueFull) with { LeftOut = leftOut };
            }
            if ((waiting > 1 || !server.Status.IsRegistered) && format != ContentFormat.Lwm2mCbor)   // which has no times
            {
                var now = context.Time.GetUtcNow();
                allowed = Array.ConvertAll(allowed, r => r.Time is null ? r with { Time = now } : r);
            }
            return await WaitAndSendAsync(new Lwm2mRequest.Send(allowed, format), cancel).ConfigureAwait(false) with { LeftOut = leftOut };
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<SendResult> WaitAndSendAsync(Lwm2mRequest.Send request, CancellationToken cancel)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = Interlocked.Exchange(ref _last, mine.Task);
        try
        {
            await before.WaitAsync(cancel).ConfigureAwait(false);
            await _online.Task.WaitAsync(cancel).ConfigureAwait(false);
            return !server.Status.IsRegistered ? Result(SendOutcome.NotDelivered) with { Problem = "there is no registration" }
                : server.Status.Version < Lwm2mVersion.V11 ? Result(SendOutcome.NotSupported)
                : server.Server.MuteSend ? Result(SendOutcome.Muted)
                : await ExchangeAsync(request, cancel).ConfigureAwait(false);
        }
        finally
        {
            // Also who gives up waiting passes the turn on only when it would have been its own.
            _ = before.ContinueWith((_, turn) => ((TaskCompletionSource)turn!).SetResult(), mine, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<SendResult> ExchangeAsync(Lwm2mRequest.Send request, CancellationToken cancel)
    {
        var scope = catalog.ScopeFor(server);
        try
        {
            var message = await context.Endpoint.RequestAsync(server.Peer!, OperationCodec.Encode(request, scope), cancel).ConfigureAwait(false);
            var answer = OperationCodec.DecodeResponse(request, message, scope);
            return answer.Code.IsSuccess
                ? Result(SendOutcome.Delivered) with { Code = answer.Code }
                : Result(SendOutcome.Refused) with { Code = answer.Code, Problem = answer.Diagnostic };
        }
        catch (Exception failure) when (failure is CoapException or IOException or SocketException)
        {
            server.Doubt();
            return Result(SendOutcome.NotDelivered) with { Problem = failure.Message };
        }
    }

    /// <summary>Only what is registered and the server may read (§6.4.6).</summary>
    private bool IsAllowed(Lwm2mRecord record) =>
        record.Path.Depth >= 3 && record.Value.Kind is not (ValueKind.None or ValueKind.Empty or ValueKind.Null)
        && Target.TryFind(server.View, record.Path.Take(2), AccessRights.Read, out var target, out _)
        && (!target.Instance!.TryFind(record.Path.ResourceId, out var entry) || entry.CanRead);

    private SendResult Result(SendOutcome outcome) => new(server.Status.ShortServerId, outcome);
}
