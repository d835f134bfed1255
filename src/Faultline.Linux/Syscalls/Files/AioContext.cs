using System.Buffers.Binary;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>One context of io_setup(2): what is done and not yet fetched, and polls that wait.</summary>
internal sealed class AioContext
{
    private readonly Lock _lock = new();
    private readonly Queue<AioEvent> _done = new();
    private readonly List<AioPending> _polls = [];
    private readonly WaitQueue _queue = new();

    /// <summary>Adds a poll, which completes when its file is looked at next and ready.</summary>
    public void Add(AioPending poll)
    {
        poll.File.AddReference();
        lock (_lock)
            _polls.Add(poll);
        Look(null);
        _queue.Wake();
    }

    /// <summary>A request is done.</summary>
    public void Complete(AioPending request, long result)
    {
        lock (_lock)
            _done.Enqueue(new AioEvent { Data = request.Data, Request = request.Address, Result = result });
        _queue.Wake();
        if (request.Told is not { } told)
            return;
        Span<byte> one = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(one, 1);
        _ = told.Write(one);
        told.Release();
    }

    /// <summary>Completes the polls whose files are ready.</summary>
    /// <param name="wait">When not null, adds what to wait for.</param>
    public void Look(WaitSet? wait)
    {
        wait?.Add(_queue);
        AioPending[] polls;
        lock (_lock)
            polls = [.. _polls];
        foreach (AioPending poll in polls)
        {
            PollEvents ready = poll.File.Poll(wait) & (poll.Events | PollEvents.POLLERR | PollEvents.POLLHUP);
            if (ready != 0 && Remove(poll))
                Complete(poll, (long)ready);
        }
    }

    /// <summary>Takes the oldest event.</summary>
    public bool TryTake(out AioEvent completed)
    {
        lock (_lock)
            return _done.TryDequeue(out completed);
    }

    /// <summary>Cancels the poll of a request: its event says 0.</summary>
    public bool Cancel(ulong address)
    {
        AioPending? poll;
        lock (_lock)
            poll = _polls.Find(candidate => candidate.Address == address);
        if (poll is null || !Remove(poll))
            return false;
        Complete(poll, 0);
        return true;
    }

    /// <summary>Gives up all polls without events: the context goes.</summary>
    public void CancelAll()
    {
        AioPending[] polls;
        lock (_lock)
            polls = [.. _polls];
        foreach (AioPending poll in polls)
        {
            if (Remove(poll))
                poll.Told?.Release();
        }
    }

    private bool Remove(AioPending poll)
    {
        bool removed;
        lock (_lock)
            removed = _polls.Remove(poll);
        if (removed)
            poll.File.Release();
        return removed;
    }
}
