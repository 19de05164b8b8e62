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

var errInvalid = errors.New("unreadable") // assign says the rest in the type's own words

func parseText(text string) (any, error) { return text, nil }

func parseSecret(text string) (any, error) { return NewSecret(text), nil }

func parseBool(text string) (any, error) { return strconv.ParseBool(text) }

func parseInt(text string) (any, error) { return strconv.Atoi(text) }

func parseSize(text string) (any, error) { return ParseSize(text) }

// parseDuration refuses a negative duration. The key's own rule decides on zero.
func parseDuration(text string) (any, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return nil, errInvalid
	}
	return d, nil
}

// parsePrefix accepts a single address too. Bits behind the mask are refused:
// 10.1.2.3/8 is as likely a forgotten digit as a whole network.
func parsePrefix(text string) (any, error) {
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Zone() != "" {
		return parseNetwork(text)
	}

	addr = addr.Unmap()
	return netip.PrefixFrom(addr, addr.BitLen()), nil
}

func parseNetwork(text string) (any, error) {
	p, err := netip.ParsePrefix(text)
	if err != nil || p != p.Masked() || p.Addr().Is4In6() {
		return nil, errInvalid
	}
	return p, nil
}

func parseLevel(text string) (any, error) {
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
		if strings.EqualFold(level.String(), text) {
			return level, nil
		}
	}
	return nil, errInvalid
}
