using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>What is said to observers (LwM2M Core 1.2 §6.4): the first answer and the notifications, and what becomes of one that does not arrive.</summary>
/// <param name="context">The client.</param>
/// <param name="catalog">What the codecs must know.</param>
/// <param name="end">Ends an observation.</param>
/// <param name="wake">Has the observations looked at soon.</param>
internal sealed class NotificationSender(ClientContext context, CatalogTracker catalog, Action<Observation> end, Action wake)
{
    private static readonly TimeSpan _confirmEvery = TimeSpan.FromHours(24);   // RFC 7641 §4.5
    private static readonly TimeSpan _refusedDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _answerFirst = TimeSpan.FromMilliseconds(100);   // the answer to Observe leaves before what was stored does
    private long _dropped;

    /// <summary>How many stored values were dropped: to make room for newer ones, or with the observation that they were for.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>The answer to Observe: the values, and where it is observed, a number.</summary>
    public CoapMessage Begin(Observation observation, bool isObserved)
    {
        var (now, parts) = (context.Now, Read(observation));
        var response = observation.Combine(parts);
        if (response.Code.IsSuccess && observation.Misplaced() is { } misplaced)
        {
            response = Refusal.BadRequest(misplaced);
        }
        if (observation.Accept is null && Array.Exists(observation.Paths, p => observation.AttributesOf(p).HistoricalQueue > 0))
        {
            observation.Accept = ContentFormat.SenmlCbor;   // what is stored will need its times told
        }
        var message = OperationCodec.EncodeResponse(observation.Operation, response, catalog.ScopeFor(observation.Server));
        if (!isObserved || !message.Code.IsSuccess)
        {
            end(observation);
            return message;
        }
        observation.Accept = message.Options.ContentFormat;
        observation.ConfirmedAt = now;
        observation.NotBefore = Array.Exists(observation.Paths, p => p.Stored.Count > 0) ? now + _answerFirst : TimeSpan.Zero;
        for (var i = 0; i < parts.Length; i++)
        {
            observation.Paths[i].Condition.Told(parts[i].Records, now);
        }
        return WithSequence(message, observation);
    }

    /// <summary>What there is to read of one path.</summary>
    public static Lwm2mResponse Read(Observation observation, ObservedPath path) =>
        observation.IsComposite ? ReadOperation.AnswerPart(observation.Server.View, path.Path) : ReadOperation.Answer(observation.Server.View, path.Path);

    /// <summary>How many values of a path may wait: none where they cannot be told with their times, or the server does not want them (/1/x/6, hqmax).</summary>
    public int LimitOf(Observation observation, NotificationAttributes attributes)
    {
        var most = context.Settings.StoredNotifications;
        var absent = observation.Server.Status.Version < Lwm2mVersion.V12 ? most : 0;
        return observation.TellsTimes && observation.Server.Server.StoresNotifications ? (int)Math.Min(attributes.HistoricalQueue ?? absent, most) : 0;
    }

    /// <summary>Whether anything of an observation is stored when it cannot be told.</summary>
    public bool Stores(Observation observation) => Array.Exists(observation.Paths, p => LimitOf(observation, observation.AttributesOf(p)) > 0);

    /// <summary>Keeps what is due for later.</summary>
    public void Store(Observation observation, ObservedPath path, int limit)
    {
        var part = Read(observation, path);
        if (part.Code.IsSuccess)
        {
            Keep(path, part.Records, limit);
        }
        path.Condition.Told(part.Code.IsSuccess ? part.Records : path.Condition.Last, context.Now);
    }

    /// <summary>Nobody will ask for what is stored any more.</summary>
    public void Forget(Observation observation) => Interlocked.Add(ref _dropped, observation.Paths.Sum(p => (long)p.Stored.Count));

    /// <summary>Notifies: what is stored of the past, and all values of now.</summary>
    public void Notify(Observation observation)
    {
        var (now, parts) = (context.Now, Read(observation));
        var response = observation.Combine(parts);
        if (response.Code == CoapCode.Unauthorized)
        {
            Array.ForEach(observation.Paths, p => p.Condition.Told(p.Condition.Last, now));   // without the right there is silence (LwM2M Core 1.2 §8.2)
            return;
        }
        var past = new List<Lwm2mRecord>();
        var isConfirmable = !response.Code.IsSuccess || now - observation.ConfirmedAt >= _confirmEvery;
        for (var i = 0; i < parts.Length; i++)
        {
            var path = observation.Paths[i];
            var attributes = observation.AttributesOf(path);
            past.AddRange(path.Stored.Records());
            if (LimitOf(observation, attributes) is > 0 and var limit && path.Condition.Due(attributes) <= now)
            {
                Keep(path, parts[i].Records, limit);
            }
            path.StoredSent = path.Stored.End;
            path.Condition.Told(parts[i].Records, now);
            isConfirmable |= attributes.Confirmable ?? observation.Server.Server.ConfirmableNotifications;
        }
        if (past.Count > 0 && response.Code.IsSuccess)
        {
            response = response with { Records = new RecordSet(past.OrderBy(r => r.Time).Concat(response.Records)) };
        }
        Send(observation, OperationCodec.EncodeResponse(observation.Operation, response, catalog.ScopeFor(observation.Server)), isConfirmable);
    }

    /// <summary>A notification has been delivered or not.</summary>
    /// <returns>Whether the observation goes on.</returns>
    public bool Delivered(Observation observation, DeliveryOutcome outcome)
    {
        observation.IsBusy = false;
        switch (outcome)
        {
            case DeliveryOutcome.Acknowledged:
                observation.ConfirmedAt = context.Now;
                goto case DeliveryOutcome.Sent;
            case DeliveryOutcome.Sent:
                Array.ForEach(observation.Paths, p => p.Stored.RemoveBefore(p.StoredSent));
                return true;
            case DeliveryOutcome.TimedOut when Stores(observation):
                if (!observation.IsDormant)
                {
                    observation.IsHeld = true;
                    observation.Server.Doubt();
                }
                return true;
            case DeliveryOutcome.TimedOut:
                end(observation);   // RFC 7641 §4.5
                observation.Server.RegisterAnew();   // else the server would take it to stand (LwM2M Core 1.2 §6.4.1)
                return false;
            case DeliveryOutcome.Rejected:
                end(observation);
                return false;
            default:
                // Not sent. Whether the server is gone for good is for the registration to find out.
                observation.NotBefore = context.Now + _refusedDelay;
                foreach (var path in observation.Paths.Where(p => p.Stored.Count == 0))
                {
                    path.Condition.Repeat();
                }
                return true;
        }
    }

    private static Lwm2mResponse[] Read(Observation observation) => Array.ConvertAll(observation.Paths, p => Read(observation, p));

    private void Keep(ObservedPath path, RecordSet values, int limit) =>
        Interlocked.Add(ref _dropped, path.Stored.Add(context.Time.GetUtcNow(), values, limit));

    private void Send(Observation observation, CoapMessage message, bool isConfirmable)
    {
        if (!message.Code.IsSuccess)
        {
            end(observation);   // what is observed is gone: an error ends the observation (RFC 7641 §4.2)
        }
        else
        {
            message = WithSequence(message, observation);
        }
        var delivery = context.Endpoint.NotifyAsync(
            observation.Peer, observation.Request, message, isConfirmable ? Delivery.Confirmable : Delivery.NonConfirmable, CancellationToken.None);
        if (delivery.IsCompletedSuccessfully)
        {
            Delivered(observation, delivery.Result);
            return;
        }
        observation.IsBusy = true;
        _ = AwaitAsync(observation, delivery.AsTask());
    }

    private async Task AwaitAsync(Observation observation, Task<DeliveryOutcome> delivery)
    {
        var outcome = DeliveryOutcome.PeerLost;
        try
        {
            outcome = await delivery.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is CoapException or ObjectDisposedException or InvalidOperationException)
        {
            // As if the peer were lost.
        }
        observation.PutOutcome(outcome);
        wake();
    }

    private static CoapMessage WithSequence(CoapMessage message, Observation observation) =>
        message.With(message.Options.With(OptionNumber.Observe, observation.NextSequence()), message.Payload);
}
