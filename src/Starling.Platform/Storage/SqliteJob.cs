using System.Threading.Tasks.Sources;

namespace Starling.Platform;

/// <summary>A piece of work for the writer.</summary>
internal abstract class SqliteJob
{
    /// <summary>Does it, inside the transaction. It may be done again, when the transaction was rolled back.</summary>
    public abstract void Run();

    /// <summary>The transaction is safe.</summary>
    public abstract void Complete();

    /// <summary>It will never be safe.</summary>
    public abstract void Fail(Exception why);
}

/// <summary>A piece of work and its result. Who waits goes on in the thread pool, never on the writer's thread.</summary>
internal sealed class SqliteJob<T>(Func<T> work) : SqliteJob, IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _source = new() { RunContinuationsAsynchronously = true };
    private T _result = default!;
    private Exception? _failure;

    /// <summary>Its end; to be awaited once.</summary>
    public ValueTask<T> Done => new(this, _source.Version);

    public override void Run()
    {
        try
        {
            (_result, _failure) = (work(), null);
        }
        catch (Exception own) when (own is not Microsoft.Data.Sqlite.SqliteException)
        {
            _failure = own;   // this job's matter, not that of the others in the transaction
        }
    }

    public override void Complete()
    {
        if (_failure is not null)
        {
            Fail(_failure);
            return;
        }
        _source.SetResult(_result);
    }

    public override void Fail(Exception why) => _source.SetException(why);

    T IValueTaskSource<T>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
