// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"errors"
	"log/slog"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

var errUnreadable = errors.New("unreadable") // assign says it in the type's own words

func readText(text string) (any, error) { return text, nil }

func readSecret(text string) (any, error) { return NewSecret(text), nil }

func readBool(text string) (any, error) { return strconv.ParseBool(text) }

func readInt(text string) (any, error) { return strconv.Atoi(text) }

func readSize(text string) (any, error) { return ParseSize(text) }

// readDuration refuses what is below zero; whether zero makes sense is for the
// key's own rule.
func readDuration(text string) (any, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return nil, errUnreadable
	}
	return d, nil
}

// readPrefix takes a single address too. Bits behind the mask are refused:
// 10.1.2.3/8 is as likely a forgotten digit as a whole network.
func readPrefix(text string) (any, error) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || p != p.Masked() || p.Addr().Is4In6() {
		return nil, errUnreadable
	}
	return p, nil
}

func readLevel(text string) (any, error) {
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
		if strings.EqualFold(level.String(), text) {
			return level, nil
		}
	}
	return nil, errUnreadable
}
