package funnel

import "strings"

// LaneOf returns the lane of messages to a chat of a door, or to a thread in it where thread is not
// empty. A lane is a destination: its messages are delivered in order, each lane on its own. The
// chat with one person is called by the person's identifier, so that all that goes to one person
// through one door goes through one lane.
func LaneOf(door, chat, thread string) string {
	lane := door + ":" + chat
	if thread != "" {
		lane += "/" + thread
	}
	return lane
}

// LaneOfMember returns the lane of messages to a member whom no door knows yet. They move to a lane
// of the door at which the member appears first.
func LaneOfMember(member ID) string { return LaneOf("member", member.String(), "") }

// ParseLane returns what [LaneOf] made a lane of.
func ParseLane(lane string) (door, chat, thread string) {
	door, chat, _ = strings.Cut(lane, ":")
	chat, thread, _ = strings.Cut(chat, "/")
	return door, chat, thread
}
