using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>An operation in the queue while it lives. It is due when it expires, and again when its result has been kept long enough. Under the queue's lock.</summary>
internal sealed class QueueEntry(OperationQueue queue, StoredOperation stored, Lwm2mRequest request) : WheelTimer
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => stored.Id;
    public DeviceKey Device => stored.Device;
    public Lwm2mRequest Request => request;
    public long Order => stored.Order;
    public DateTimeOffset ExpiresAt => stored.ExpiresAt;
    public OperationState State { get; set; } = stored.State;

    /// <summary>Where it stood before it got its result: that is what is told until the result is safe.</summary>
    public OperationState Before { get; set; }

    public int Attempts { get; set; } = stored.Attempts;
    public DateTimeOffset? EndedAt { get; set; } = stored.EndedAt;
    public string Reason { get; set; } = stored.Reason;
    public Lwm2mResponse? Answer { get; set; }

    /// <summary>About how many bytes of memory its answer takes.</summary>
    public long AnswerSize => Answer is null ? 0 : Answer.Records.Size + Answer.Raw.Length;

    /// <summary>Whether the store has it: it is not sent before.</summary>
    public bool IsKept { get; set; }

    /// <summary>Whether its device was removed while it was being sent: it is not sent again.</summary>
    public volatile bool IsUnwanted;

    public bool HasEnded => State > OperationState.Sending;

    /// <summary>Completes when there is a result and it is safe.</summary>
    public Task Ended => _ended.Task;

    /// <summary>
    /// Whether sending it twice does what sending it once does: then it is sent again after it was lost. A second Execute or Create would be another one.
    /// </summary>
    public bool IsRepeatable => request is not (Lwm2mRequest.Execute or Lwm2mRequest.Create);

    public void SetEnded() => _ended.TrySetResult();

    /// <summary>What may be told of it: no result that a kill could take back.</summary>
    public QueuedOperation Snapshot()
    {
        var isTold = !HasEnded || Ended.IsCompleted;
        return new(Id, Device, request, isTold ? State : Before, stored.QueuedAt, stored.ExpiresAt)
        {
            Order = Order,
            Attempts = Attempts,
            EndedAt = isTold ? EndedAt : null,
            Reason = isTold ? Reason : "",
            Answer = isTold ? Answer : null,
        };
    }

    public StoredOperation ToStored(int answerLimit) => stored with
    {
        State = State,
        Attempts = Attempts,
        EndedAt = EndedAt,
        Reason = Reason,
        Answer = Answer is null ? default : OperationArchive.Pack(Answer, answerLimit),
    };

    protected override void OnDue() => queue.OnDue(this);
}
