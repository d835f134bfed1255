using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Fs.Pty;

/// <summary>The pseudo-terminals of a kernel, and which session each controls (drivers/tty/tty_jobctrl.c).</summary>
internal sealed class TerminalTable(LinuxKernel kernel)
{
    /// <summary>kernel.pty.max.</summary>
    private const int Most = 4096;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, Terminal> _terminals = [];
    private readonly HashSet<int> _reserved = [];

    /// <summary>The kernel.</summary>
    public LinuxKernel Kernel { get; } = kernel;

    /// <summary>The terminals there are, by number.</summary>
    public Terminal[] Terminals
    {
        get
        {
            lock (_lock)
                return [.. _terminals.Values];
        }
    }

    /// <summary>The group of the host's terminal that guests see in front; 0 while nobody has said.</summary>
    public int HostForegroundGroup { get; set; }

    /// <summary>Keeps a number free: a terminal of the host has that name.</summary>
    public void Reserve(int number)
    {
        lock (_lock)
            _ = _reserved.Add(number);
    }

    /// <summary>Makes a terminal with the lowest free number; null when there are too many.</summary>
    public Terminal? Create()
    {
        lock (_lock)
        {
            if (_terminals.Count >= Most)
                return null;
            int number = 0;
            while (_terminals.ContainsKey(number) || _reserved.Contains(number))
                number++;
            Terminal made = new(this, number);
            _terminals.Add(number, made);
            return made;
        }
    }

    /// <summary>The terminal of a number, or null.</summary>
    public Terminal? Find(int number)
    {
        lock (_lock)
            return _terminals.GetValueOrDefault(number);
    }

    /// <summary>The terminal that controls a process, or null.</summary>
    public Terminal? Of(Process process)
    {
        lock (_lock)
        {
            foreach (Terminal terminal in _terminals.Values)
            {
                if (terminal.Session != 0 && terminal.Session == process.Session)
                    return terminal;
            }
            return null;
        }
    }

    /// <summary>Whether a process has the host's terminal: it is in the session it was started in.</summary>
    public bool HasHostTerminal(Process process) => process.Session == Kernel.Host.Identity.Session && Of(process) is null;

    /// <summary>Makes a terminal control the session that a process leads (TIOCSCTTY, and opening without O_NOCTTY).</summary>
    /// <param name="terminal">The terminal.</param>
    /// <param name="process">Who asks.</param>
    /// <param name="steals">Take it from another session, as root may.</param>
    /// <returns>0 or -EPERM.</returns>
    public int Take(Terminal terminal, Process process, bool steals)
    {
        lock (_lock)
        {
            bool leads = process.Session == process.Pid;
            if (leads && terminal.Session == process.Session)
                return 0;
            bool hasOther = false;
            foreach (Terminal other in _terminals.Values)
                hasOther |= other.Session == process.Session;
            if (!leads || hasOther || process.Session == Kernel.Host.Identity.Session)
                return -Errno.EPERM;
            if (terminal.Session != 0 && !(steals && process.Main.Credentials.IsPrivileged))
                return -Errno.EPERM;
            (terminal.Session, terminal.ForegroundGroup) = (process.Session, process.ProcessGroup);
            return 0;
        }
    }

    /// <summary>A session gives its terminal up: those in front are hung up on (disassociate_ctty).</summary>
    public void Leave(Process process)
    {
        if (process.Session != process.Pid || Of(process) is not { } terminal)
            return;
        int group;
        lock (_lock)
        {
            group = terminal.ForegroundGroup;
            (terminal.Session, terminal.ForegroundGroup) = (0, 0);
        }
        HangUp(group);
    }

    /// <summary>The master is gone, and the number free: the session's leader is hung up on (tty_signal_session_leader).</summary>
    public void HangUp(Terminal terminal)
    {
        int session, group;
        lock (_lock)
        {
            _ = _terminals.Remove(terminal.Number);
            (session, group) = (terminal.Session, terminal.ForegroundGroup);
            (terminal.Session, terminal.ForegroundGroup) = (0, 0);
        }
        if (session == 0)
            return;
        if (Kernel.Find(session) is { HasEnded: false } leader)
        {
            _ = leader.Send(Info(Sig.SIGHUP));
            _ = leader.Send(Info(Sig.SIGCONT));
            if (leader.ProcessGroup == group)
                return;
        }
        HangUp(group);
    }

    /// <summary>Sends a signal to the group in front.</summary>
    public void Signal(Terminal terminal, int signal)
    {
        int group;
        lock (_lock)
            group = terminal.ForegroundGroup;
        if (group != 0)
            _ = Kernel.SendToGroup(group, Info(signal));
    }

    /// <summary>May a process in the back read, or change, its terminal (tty_check_change)?</summary>
    /// <param name="terminal">The terminal.</param>
    /// <param name="signal">SIGTTIN or SIGTTOU.</param>
    /// <returns>0, -EIO, or -ERESTARTSYS after the group has been sent the signal.</returns>
    public int CheckChange(Terminal terminal, int signal)
    {
        if (Task.Current is not { } task)
            return 0;
        int group;
        lock (_lock)
        {
            if (terminal.Session != task.Process.Session || terminal.ForegroundGroup == 0)
                return 0;
            group = terminal.ForegroundGroup;
        }
        return CheckGroup(task, group, signal);
    }

    /// <summary>The same for a group in front that is known.</summary>
    public int CheckGroup(Task task, int foreground, int signal)
    {
        if (task.Process.ProcessGroup == foreground)
            return 0;
        bool ignored;
        lock (task.Process.SignalLock)
            ignored = (task.Blocked & Sig.Bit(signal)) != 0 || task.Process.Actions[signal].sa_handler == Sig.SIG_IGN;
        if (ignored)
            return signal == Sig.SIGTTIN ? -Errno.EIO : 0;
        if (Kernel.IsOrphaned(task.Process))
            return -Errno.EIO;
        _ = Kernel.SendToGroup(task.Process.ProcessGroup, Info(signal));
        return -Errno.ERESTARTSYS;
    }

    /// <summary>Puts a group in front (TIOCSPGRP): -ESRCH, -EPERM for one of another session.</summary>
    public int CheckNewForeground(Process process, int group)
    {
        if (group < 0)
            return -Errno.EINVAL;
        Process? member = Array.Find(Kernel.Processes, candidate => candidate.ProcessGroup == group);
        return member is null ? -Errno.ESRCH : member.Session == process.Session ? 0 : -Errno.EPERM;
    }

    private void HangUp(int group)
    {
        if (group == 0)
            return;
        _ = Kernel.SendToGroup(group, Info(Sig.SIGHUP));
        _ = Kernel.SendToGroup(group, Info(Sig.SIGCONT));
    }

    private static Siginfo Info(int signal) => new() { si_signo = signal, si_code = Sig.SI_KERNEL };
}
